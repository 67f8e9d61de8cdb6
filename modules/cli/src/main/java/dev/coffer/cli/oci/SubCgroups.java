package dev.coffer.cli.oci;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of {@code --cgroup}: {@code PATH} alone, or {@code CONTROLLER[,CONTROLLER…]:PATH}. */
final class SubCgroups {
  /** Stands for every controller. */
  private static final String ALL = "";

  private SubCgroups() {}

  /** Paths below the container's cgroup, by controller. */
  static Map<String, String> parse(List<String> values) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (String value : values) {
      int colon = value.indexOf(':');
      if (colon < 0 && values.size() > 1) {
        throw wrong(value, "of several, each needs its controller: CONTROLLER:PATH");
      }
      String path = value.substring(colon + 1);
      if (path.contains(":") || List.of(path.split("/", -1)).contains("..")) {
        throw wrong(value, "the path must be one below the container's cgroup");
      }
      for (String controller : (colon < 0 ? ALL : value.substring(0, colon)).split(",", -1)) {
        if (paths.put(controller, path.replaceAll("^/+", "")) != null) {
          throw wrong(value, "controller \"" + controller + "\" has a path already");
        }
      }
    }
    return paths;
  }

  private static IllegalArgumentException wrong(String value, String why) {
    return new IllegalArgumentException("invalid --cgroup \"" + value + "\": " + why);
  }
}

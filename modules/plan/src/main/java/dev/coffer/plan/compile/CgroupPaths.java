package dev.coffer.plan.compile;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a container's cgroup is in each hierarchy.
 *
 * @param path as the spec has it: absolute from the hierarchy's root, or relative as {@link
 *     CgroupLayout.Hierarchy#resolve} has it
 * @param below what is appended to it, by controller; "" stands for all
 */
record CgroupPaths(String path, Map<String, String> below) {
  private static final String DEFAULT_PARENT = "/coffer/";

  CgroupPaths {
    if (path.contains(":")) {
      throw PlanException.notSupported(
          "linux.cgroupsPath",
          "the systemd form \"" + path + "\" (use --systemd-cgroup, or an absolute path)");
    }
    for (String component : path.split("/")) {
      if (component.equals("..")) {
        throw new PlanException("linux.cgroupsPath: \"" + path + "\" leads upwards");
      }
    }
  }

  static CgroupPaths of(Optional<String> cgroupsPath, String id) {
    return new CgroupPaths(
        cgroupsPath.filter(path -> !path.isEmpty()).orElse(DEFAULT_PARENT + id), Map.of());
  }

  /** The same with cgroups below it. */
  CgroupPaths below(Map<String, String> paths, CgroupLayout layout) {
    for (String controller : paths.keySet()) {
      if (!controller.isEmpty() && layout.of(controller).isEmpty()) {
        throw new PlanException(
            "cannot use a cgroup of controller \"" + controller + "\": the host has none");
      }
    }
    return new CgroupPaths(path, paths);
  }

  /** The directory of the container's cgroup. */
  String directory(CgroupLayout.Hierarchy hierarchy) {
    return levels(hierarchy).getLast();
  }

  /** The directories from the first below the mount point down to the container's. */
  List<String> levels(CgroupLayout.Hierarchy hierarchy) {
    String base = hierarchy.resolve(path + suffix(hierarchy));
    List<String> levels = new ArrayList<>();
    StringBuilder directory = new StringBuilder(hierarchy.mountPoint());
    for (String component : base.split("/")) {
      if (!component.isEmpty() && !component.equals(".")) {
        levels.add(directory.append('/').append(component).toString());
      }
    }
    if (levels.isEmpty()) {
      throw new PlanException("linux.cgroupsPath: \"" + path + "\" is the root cgroup");
    }
    return levels;
  }

  private String suffix(CgroupLayout.Hierarchy hierarchy) {
    return below.entrySet().stream()
        .filter(each -> each.getKey().isEmpty() || hierarchy.has(each.getKey()))
        .map(each -> "/" + each.getValue())
        .findFirst()
        .orElse("");
  }
}

package dev.coffer.runtime.host;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads how cgroups are mounted out of what /proc says, see {@code cgroups(7)}. */
final class CgroupMounts {
  private CgroupMounts() {}

  /**
   * @param mountinfo /proc/self/mountinfo
   * @param own /proc/self/cgroup
   * @param available gives the controllers of the version 2 hierarchy mounted there
   */
  static CgroupLayout parse(
      String mountinfo, String own, Function<String, List<String>> available) {
    Map<String, String> ownPaths = ownPaths(own);
    List<Hierarchy> hierarchies = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    mountinfo
        .lines()
        .map(MountLine::parse)
        .flatMap(Optional::stream)
        .map(line -> hierarchy(line, ownPaths, available))
        .flatMap(Optional::stream)
        .filter(hierarchy -> seen.add(identity(hierarchy)))
        .forEach(hierarchies::add);
    return new CgroupLayout(mode(hierarchies), hierarchies);
  }

  private static Mode mode(List<Hierarchy> hierarchies) {
    boolean one = hierarchies.stream().anyMatch(each -> each.version() == 1);
    boolean two = hierarchies.stream().anyMatch(each -> each.version() == 2);
    return one && two ? Mode.HYBRID : two ? Mode.V2 : Mode.V1;
  }

  /** One hierarchy may be mounted at several places; the first counts. */
  private static List<String> identity(Hierarchy hierarchy) {
    return hierarchy.version() == 2 ? List.of() : hierarchy.controllers();
  }

  private static Optional<Hierarchy> hierarchy(
      MountLine line, Map<String, String> ownPaths, Function<String, List<String>> available) {
    return switch (line.type()) {
      case "cgroup2" ->
          Optional.of(
              new Hierarchy(
                  2,
                  line.mountPoint(),
                  available.apply(line.mountPoint()),
                  line.below(ownPaths.getOrDefault("", "/"))));
      case "cgroup" ->
          Arrays.stream(line.options().split(",", -1))
              .filter(ownPaths::containsKey)
              .findFirst()
              .map(
                  controller ->
                      new Hierarchy(
                          1,
                          line.mountPoint(),
                          controllers(line, ownPaths),
                          line.below(ownPaths.get(controller))));
      default -> Optional.empty();
    };
  }

  /** Among a mount's options those are controllers that /proc/self/cgroup has as such. */
  private static List<String> controllers(MountLine line, Map<String, String> ownPaths) {
    return Stream.of(line.options().split(",", -1)).filter(ownPaths::containsKey).toList();
  }

  /** Lines such as {@code 4:cpu,cpuacct:/path}; version 2 has no controllers here. */
  private static Map<String, String> ownPaths(String own) {
    Map<String, String> paths = new HashMap<>();
    for (String line : own.lines().toList()) {
      String[] parts = line.split(":", 3);
      for (String controller : parts[1].split(",", -1)) {
        paths.put(controller, parts[2]);
      }
    }
    return paths;
  }
}

package dev.coffer.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How the host mounts its cgroups.
 *
 * @param mode which versions are in use
 * @param hierarchies every mounted hierarchy that a container has a cgroup in; in {@link Mode#V2}
 *     at most one
 * @param closed those in which its user may make none: there it stays in the cgroup of its creator
 */
public record CgroupLayout(Mode mode, List<Hierarchy> hierarchies, List<Hierarchy> closed) {
  public CgroupLayout {
    hierarchies = List.copyOf(hierarchies);
    closed = List.copyOf(closed);
  }

  /** A layout for somebody who may make cgroups everywhere. */
  public CgroupLayout(Mode mode, List<Hierarchy> hierarchies) {
    this(mode, hierarchies, List.of());
  }

  /** Which versions are in use. */
  public enum Mode {
    /** Version 1 only. */
    V1,
    /** Controllers on version 1, and a version 2 hierarchy beside them. */
    HYBRID,
    /** Version 2 only. */
    V2
  }

  /**
   * One mounted hierarchy.
   *
   * @param version 1 or 2
   * @param mountPoint absolute path, such as {@code /sys/fs/cgroup/memory}
   * @param controllers version 1: those attached to it, or one {@code name=…}; version 2: those
   *     available at its root
   * @param ownPath path of the engine's own cgroup in it, starting with {@code /}
   */
  public record Hierarchy(
      int version, String mountPoint, List<String> controllers, String ownPath) {
    public Hierarchy {
      controllers = List.copyOf(controllers);
      if (version != 1 && version != 2) {
        throw new IllegalArgumentException("a cgroup hierarchy has version 1 or 2");
      }
    }

    public boolean has(String controller) {
      return controllers.contains(controller);
    }

    /**
     * What a {@code linux.cgroupsPath} means in this hierarchy, from its root.
     *
     * <p>A relative one begins at our own cgroup, in version 2 with controllers beside it: below
     * ours, which has processes, nothing could be limited, and no process could be (cgroups(7), "no
     * internal processes").
     */
    public String resolve(String cgroupsPath) {
      if (cgroupsPath.startsWith("/")) {
        return cgroupsPath;
      }
      String base = base();
      return base.endsWith("/") ? base + cgroupsPath : base + "/" + cgroupsPath;
    }

    /** The same for somebody whose own cgroup is another. */
    public Hierarchy below(String path) {
      return path.equals(ownPath) ? this : new Hierarchy(version, mountPoint, controllers, path);
    }

    private Hierarchy below(Map<String, String> paths) {
      return below(paths.getOrDefault(mountPoint, ownPath));
    }

    private String base() {
      return version == 1 || controllers.isEmpty()
          ? ownPath
          : ownPath.substring(0, ownPath.lastIndexOf('/'));
    }
  }

  /** Where a process is, by mount point: what {@link #below} takes. */
  public Map<String, String> ownPaths() {
    Map<String, String> paths = new LinkedHashMap<>();
    hierarchies.forEach(each -> paths.put(each.mountPoint(), each.ownPath()));
    return paths;
  }

  /**
   * The same layout for a container that has cgroups below these paths alone, by mount point; where
   * it is not named, it is in that of its creator.
   */
  public CgroupLayout below(Map<String, String> paths) {
    List<Hierarchy> open = new ArrayList<>();
    List<Hierarchy> others = new ArrayList<>();
    for (Hierarchy each : hierarchies) {
      (paths.containsKey(each.mountPoint()) ? open : others).add(each.below(paths));
    }
    for (Hierarchy each : closed) {
      others.add(each.below(paths));
    }
    return new CgroupLayout(mode, open, others);
  }

  /** The same layout with no others open than these. */
  public CgroupLayout openOnly(Predicate<Hierarchy> open) {
    return new CgroupLayout(
        mode,
        hierarchies.stream().filter(open).toList(),
        Stream.concat(hierarchies.stream().filter(open.negate()), closed.stream()).toList());
  }

  /** All, the closed ones last. */
  public Stream<Hierarchy> mounted() {
    return Stream.concat(hierarchies.stream(), closed.stream());
  }

  /** The version 2 hierarchy, if there is one. */
  public Optional<Hierarchy> unified() {
    return first(each -> each.version() == 2);
  }

  /** The hierarchy that has a controller, if one does. */
  public Optional<Hierarchy> of(String controller) {
    return first(each -> each.has(controller));
  }

  private Optional<Hierarchy> first(Predicate<Hierarchy> wanted) {
    for (Hierarchy each : hierarchies) {
      if (wanted.test(each)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}

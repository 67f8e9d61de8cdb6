package dev.coffer.runtime.cgroup;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The control groups of this host. */
public final class Cgroups {
  private final CgroupLayout layout;

  public Cgroups(CgroupLayout layout) {
    this.layout = layout;
  }

  /**
   * The cgroup of that path in every hierarchy where it exists.
   *
   * @param path as {@code linux.cgroupsPath} has it: below each hierarchy's mount point ({@code
   *     /coffer/<id>}), or relative as {@link Hierarchy#resolve} has it
   */
  public Cgroup of(String path) {
    return new Cgroup(path, layout);
  }

  /**
   * Kills and removes the children of a cgroup that belong to nobody any more.
   *
   * @param parent such as {@code /coffer}
   * @param isKnown whether the child of that name is somebody's
   * @return the names of those removed
   * @throws IOException where one could not be removed; the others were
   */
  public List<String> sweep(String parent, Predicate<String> isKnown, Duration patience)
      throws IOException {
    List<String> removed = new ArrayList<>();
    IOException failure = null;
    for (String name : children(parent)) {
      if (!isKnown.test(name)) {
        try {
          Cgroup orphan = of(parent + "/" + name);
          orphan.killAll(patience);
          orphan.remove(patience);
          removed.add(name);
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return removed;
  }

  private SortedSet<String> children(String parent) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (Hierarchy hierarchy : layout.hierarchies()) {
      names.addAll(new CgroupDirectory(hierarchy.mountPoint() + parent).children());
    }
    return names;
  }
}

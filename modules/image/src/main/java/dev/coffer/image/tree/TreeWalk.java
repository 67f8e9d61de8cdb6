package dev.coffer.image.tree;

import dev.coffer.image.tree.TreeSink.Standing;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Goes through a container's tree in the order of names. For one walk. */
final class TreeWalk {
  private final ContainerTree tree;
  private final TreeSink sink;

  /** Directories above that the sink is told of once something in them has changed. */
  private final List<Above> above = new ArrayList<>();

  private record Above(String path, TreeNode node) {}

  TreeWalk(ContainerTree tree, TreeSink sink) {
    this.tree = tree;
    this.sink = sink;
  }

  /** Tells of everything, as if all was new. */
  void all() throws IOException {
    try (TreeNode root = tree.root()) {
      content(root, Optional.empty(), "", 0);
    }
  }

  /** Tells of what is not as in the layers below. */
  void changes() throws IOException {
    try (TreeNode root = tree.root();
        MergedDirectory before = tree.lowerRoot()) {
      changes(root, Optional.of(before), "", 0);
    }
  }

  private void changes(
      TreeNode directory, Optional<MergedDirectory> before, String prefix, int depth)
      throws IOException {
    if (depth > tree.maxDepth()) {
      throw tree.tooDeep();
    }
    for (String name : suspects(directory, before)) {
      String path = prefix + name;
      Optional<TreeNode> now = directory.find(name);
      Optional<MergedDirectory.Found> old = find(before, name);
      try {
        if (now.isPresent()) {
          change(now.get(), old, path, depth);
        } else if (old.isPresent() && directory.isRemoved(name)) {
          tellAbove();
          sink.deleted(path, false);
        }
      } finally {
        now.ifPresent(TreeNode::close);
        old.ifPresent(MergedDirectory.Found::close);
      }
    }
  }

  /** The names that may lead to something else than before. */
  private SortedSet<String> suspects(TreeNode directory, Optional<MergedDirectory> before)
      throws KernelException {
    SortedSet<String> names = directory.ownNames();
    if (tree.isWhole() && before.isPresent()) {
      names.addAll(before.get().names());
    }
    return names;
  }

  private void change(TreeNode now, Optional<MergedDirectory.Found> old, String path, int depth)
      throws IOException {
    Optional<MergedDirectory> before = old.flatMap(MergedDirectory.Found::directory);
    Standing standing = standing(now, old);
    if (!now.isDirectory()) {
      if (standing != Standing.KEPT || (sink.wantsKept() && !tree.isWhole())) {
        tellAbove();
        sink.node(standing, path, now, false);
      }
    } else if (before.isEmpty() || now.isMoved()) {
      tellAbove();
      Standing whole = old.isEmpty() ? Standing.ADDED : Standing.MODIFIED;
      sink.node(whole, path, now, before.isPresent());
      content(now, before, path + "/", depth + 1);
    } else {
      above.add(new Above(path, now));
      int told = above.size();
      if (standing == Standing.MODIFIED) {
        tellAbove();
      }
      changes(now, before, path + "/", depth + 1);
      if (above.size() >= told && above.getLast().node() == now) {
        above.removeLast();
      }
    }
  }

  private void tellAbove() throws IOException {
    for (Above each : above) {
      sink.node(Standing.MODIFIED, each.path(), each.node(), false);
    }
    above.clear();
  }

  /** All that is in a directory of which nothing is seen through from the same path below. */
  private void content(
      TreeNode directory, Optional<MergedDirectory> hidden, String prefix, int depth)
      throws IOException {
    if (depth > tree.maxDepth()) {
      throw tree.tooDeep();
    }
    SortedSet<String> names = directory.names();
    for (String name : names) {
      Optional<TreeNode> now = directory.find(name);
      Optional<MergedDirectory.Found> old = find(hidden, name);
      try {
        if (now.isPresent()) {
          Optional<MergedDirectory> below = old.flatMap(MergedDirectory.Found::directory);
          boolean both = now.get().isDirectory() && below.isPresent();
          sink.node(
              both ? Standing.MODIFIED : standing(now.get(), old), prefix + name, now.get(), false);
          if (now.get().isDirectory()) {
            content(now.get(), below, prefix + name + "/", depth + 1);
          }
        }
      } finally {
        now.ifPresent(TreeNode::close);
        old.ifPresent(MergedDirectory.Found::close);
      }
    }
    if (hidden.isPresent()) {
      for (String name : hidden.get().names()) {
        if (!names.contains(name)) {
          sink.deleted(prefix + name, true);
        }
      }
    }
  }

  private static Optional<MergedDirectory.Found> find(Optional<MergedDirectory> in, String name)
      throws KernelException {
    return in.isPresent() ? in.get().find(name) : Optional.empty();
  }

  private Standing standing(TreeNode now, Optional<MergedDirectory.Found> old) throws IOException {
    if (old.isEmpty()) {
      return Standing.ADDED;
    }
    Stat before = old.get().stat();
    Stat after = now.stat();
    boolean same =
        before.mode() == after.mode()
            && before.uid() == after.uid()
            && before.gid() == after.gid()
            && before.represented() == after.represented()
            && (now.isDirectory()
                || (before.size() == after.size() && before.modified().equals(after.modified())))
            && (after.type() != FileType.SYMBOLIC_LINK
                || now.target().equals(target(old.get().fd())))
            && equal(now.attributes(), TreeNode.attributes(old.get().fd()))
            && !isRewritten(now, old.get().fd());
    return same ? Standing.KEPT : Standing.MODIFIED;
  }

  /**
   * Whether a copied file has another content, for all that its attributes say. In a layer nothing
   * tells whether one was touched; there, what is the same is {@link Standing#KEPT}.
   */
  private boolean isRewritten(TreeNode now, Fd old) throws IOException {
    return now.stat().type() == FileType.REGULAR
        && tree.copied().filter(then -> !now.stat().changed().isBefore(then)).isPresent()
        && !SameContent.of(now.fd(), old);
  }

  private static String target(Fd link) throws KernelException {
    return FileTree.readSymbolicLink(link, "");
  }

  private static boolean equal(SortedMap<String, byte[]> one, SortedMap<String, byte[]> other) {
    if (!one.keySet().equals(other.keySet())) {
      return false;
    }
    for (Map.Entry<String, byte[]> each : one.entrySet()) {
      if (!Arrays.equals(each.getValue(), other.get(each.getKey()))) {
        return false;
      }
    }
    return true;
  }
}

package dev.coffer.image.layer;

import dev.coffer.image.tar.TarEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A directory of a layer that is being unpacked. All directories are known here, so what stands on
 * the disk under another name is none. For use by one thread.
 */
final class DirectoryNode {
  private final DirectoryNode parent;
  private final String name;
  private final int depth;
  private Map<String, DirectoryNode> children = Map.of();
  private Map<String, List<String>> borrowed = Map.of();
  private TarEntry stated;
  private boolean opaque;

  DirectoryNode(DirectoryNode parent, String name) {
    this.parent = parent;
    this.name = name;
    this.depth = parent == null ? 0 : parent.depth + 1;
  }

  /** The directory above, or this one when it is the root. */
  DirectoryNode parent() {
    return parent == null ? this : parent;
  }

  boolean isRoot() {
    return parent == null;
  }

  String name() {
    return name;
  }

  int depth() {
    return depth;
  }

  Optional<DirectoryNode> child(String of) {
    return Optional.ofNullable(children.get(of));
  }

  Collection<DirectoryNode> children() {
    return children.values();
  }

  DirectoryNode add(String child) {
    if (children.isEmpty()) {
      children = new HashMap<>();
    }
    DirectoryNode node = new DirectoryNode(this, child);
    children.put(child, node);
    return node;
  }

  void remove(String child) {
    if (!children.isEmpty()) {
      children.remove(child);
    }
  }

  /** What the archive says of this directory; empty when it only implies it. */
  Optional<TarEntry> stated() {
    return Optional.ofNullable(stated);
  }

  void state(TarEntry entry) {
    stated = entry;
  }

  /** Whether it hides what layers below have in its place. */
  boolean isOpaque() {
    return opaque;
  }

  void makeOpaque() {
    opaque = true;
  }

  /** Hard links to files that this layer does not hold, with the paths of those. */
  Map<String, List<String>> borrowed() {
    return borrowed;
  }

  void borrow(String link, List<String> target) {
    if (borrowed.isEmpty()) {
      borrowed = new HashMap<>();
    }
    borrowed.put(link, target);
  }

  void unborrow(String link) {
    if (!borrowed.isEmpty()) {
      borrowed.remove(link);
    }
  }

  /** The names from the root down to this directory. */
  List<String> path() {
    List<String> path = new ArrayList<>();
    for (DirectoryNode at = this; at.parent != null; at = at.parent) {
      path.addFirst(at.name);
    }
    return path;
  }
}

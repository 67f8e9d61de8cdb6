package dev.coffer.image.tree;

import dev.coffer.image.tree.ContainerTree.Change;
import java.util.List;

/** Notes what has changed. */
record ChangeList(List<Change> changes) implements TreeSink {
  @Override
  public void node(Standing standing, String path, TreeNode node, boolean hides) {
    switch (standing) {
      case ADDED -> changes.add(new Change(Change.Kind.ADDED, "/" + path));
      case MODIFIED -> changes.add(new Change(Change.Kind.MODIFIED, "/" + path));
      case KEPT -> {}
    }
  }

  @Override
  public void deleted(String path, boolean implied) {
    changes.add(new Change(Change.Kind.DELETED, "/" + path));
  }

  @Override
  public boolean wantsKept() {
    return false;
  }
}

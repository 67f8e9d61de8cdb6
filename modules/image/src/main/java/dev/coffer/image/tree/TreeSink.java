package dev.coffer.image.tree;

import java.io.IOException;

/** What is done with what a walk meets, parents first. */
interface TreeSink {

  /** How a node stands to what lower layers have at its path. */
  enum Standing {
    /** They have nothing there. */
    ADDED,
    /** They have something else, or it has other attributes. */
    MODIFIED,
    /** It has the same attributes and size, and its times say that it has the same content. */
    KEPT
  }

  /**
   * A file or directory.
   *
   * @param path from the root, without a slash at its start
   * @param hides whether it is a directory that hides one of lower layers with all that is in it
   */
  void node(Standing standing, String path, TreeNode node, boolean hides) throws IOException;

  /**
   * Something of lower layers is gone.
   *
   * @param implied whether it was in a directory that hides it
   */
  void deleted(String path, boolean implied) throws IOException;

  /** Whether nodes that are {@link Standing#KEPT} count, and so make their parents known. */
  boolean wantsKept();
}

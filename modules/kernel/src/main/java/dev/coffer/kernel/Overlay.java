package dev.coffer.kernel;

/**
 * Makes a container's root: layers seen as one tree.
 *
 * <p>The result is a <em>detached</em> mount: never in the host's mount table, gone with its last
 * descriptor, ready to be looked into with {@link FileOpen#in} and attached by {@code move_mount}.
 * Mounting one upper layer twice at a time succeeds and is undefined: whoever calls this holds a
 * lock on it.
 */
public interface Overlay {
  /** Mounts; the descriptor is the caller's. */
  Fd mount(OverlayLayers layers, OverlayOptions options) throws KernelException;

  /** The way that suits this kernel, found by trying at the first mount. */
  static Overlay ofThisKernel() {
    return new ProbingOverlay();
  }
}

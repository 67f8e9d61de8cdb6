package dev.coffer.kernel;

/**
 * Finds out at the first mount how this kernel wants it: who may not mount can still do all that
 * needs none.
 */
final class ProbingOverlay implements Overlay {

  private volatile Overlay found;

  @Override
  public Fd mount(OverlayLayers layers, OverlayOptions options) throws KernelException {
    Overlay overlay = found;
    if (overlay == null) {
      // Two threads may both find out; they find the same.
      overlay = new KernelOverlay(OverlayMethod.probe());
      found = overlay;
    }
    return overlay.mount(layers, options);
  }
}

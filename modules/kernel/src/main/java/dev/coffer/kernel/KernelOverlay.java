package dev.coffer.kernel;

/** The real overlay file system. */
final class KernelOverlay implements Overlay {
  private final OverlayMethod method;

  KernelOverlay(OverlayMethod method) {
    this.method = method;
  }

  @Override
  public Fd mount(OverlayLayers layers, OverlayOptions options) throws KernelException {
    return switch (method) {
      case DESCRIPTORS -> configure(layers, options, FileSystemContext::set);
      case NAMES ->
          configure(layers, options, (context, key, fd) -> context.set(key, fd.procPath()));
      case ONE_OPTION -> ShortNameOverlay.mount(layers, options);
    };
  }

  interface LayerOption {
    FileSystemContext give(FileSystemContext context, String key, Fd layer) throws KernelException;
  }

  private static Fd configure(OverlayLayers layers, OverlayOptions options, LayerOption option)
      throws KernelException {
    try (FileSystemContext context = FileSystemContext.open("overlay")) {
      context.set("source", "coffer");
      for (Fd lower : layers.lowers()) {
        option.give(context, "lowerdir+", lower);
      }
      return finish(context, layers, options, option);
    }
  }

  /** Everything but the lower layers. */
  static Fd finish(
      FileSystemContext context, OverlayLayers layers, OverlayOptions options, LayerOption option)
      throws KernelException {
    if (layers.writable().isPresent()) {
      OverlayLayers.Writable writable = layers.writable().get();
      option.give(context, "upperdir", writable.upper());
      option.give(context, "workdir", writable.work());
      context
          .set("redirect_dir", options.redirect())
          .set("metacopy", onOff(options.metadataCopy()))
          .set("index", onOff(options.index()));
      if (options.isVolatile()) {
        context.flag("volatile");
      }
    }
    if (options.userAttributes()) {
      context.flag("userxattr");
    }
    return context.mount(0);
  }

  static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}

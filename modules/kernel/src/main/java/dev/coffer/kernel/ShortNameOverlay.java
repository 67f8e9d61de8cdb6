package dev.coffer.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * An overlay for kernels that take all lower layers in one option, of which fsconfig(2) copies 255
 * bytes.
 *
 * <p>So each layer gets a name of one byte: a symbolic link in a detached tmpfs, which is the
 * working directory of the thread that mounts. That is a thread of its own, because the kernel
 * offers no way back to the process's shared working directory.
 */
final class ShortNameOverlay {
  private static final String LETTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** One byte of name and a colon each, in 255 bytes. */
  static final int MAXIMUM_LAYERS = 127;

  private ShortNameOverlay() {}

  static Fd mount(OverlayLayers layers, OverlayOptions options) throws KernelException {
    int count = layers.lowers().size();
    if (count > MAXIMUM_LAYERS) {
      throw new KernelException(
          "fsconfig", Errno.E2BIG.number(), "overlay", "lowerdir of " + count + " layers");
    }
    CompletableFuture<Fd> mounted = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("overlay")
        .start(
            () -> {
              try {
                mounted.complete(mountOnThisThread(layers, options));
              } catch (KernelException | RuntimeException e) {
                mounted.completeExceptionally(e);
              }
            });
    try {
      return mounted.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof KernelException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Fd mountOnThisThread(OverlayLayers layers, OverlayOptions options)
      throws KernelException {
    Namespaces.unshareThread(Namespaces.FILE_SYSTEM);
    try (FileSystemContext tmpfs = FileSystemContext.open("tmpfs");
        Fd names = tmpfs.mount(0);
        FileSystemContext context = FileSystemContext.open("overlay")) {
      Namespaces.changeThreadDirectory(names);
      context.set("source", "coffer");
      context.set("lowerdir", String.join(":", link(layers.lowers(), names)));
      return KernelOverlay.finish(
          context, layers, options, (to, key, layer) -> to.set(key, layer.procPath()));
    }
  }

  private static List<String> link(List<Fd> layers, Fd names) throws KernelException {
    List<String> list = new ArrayList<>();
    for (Fd layer : layers) {
      String name = name(list.size());
      FileTree.makeSymbolicLink(layer.procPath(), names, name);
      list.add(name);
    }
    return list;
  }

  /** Letters and digits, then single bytes from 0x80, which mean nothing to overlayfs either. */
  private static String name(int index) {
    return index < LETTERS.length()
        ? LETTERS.substring(index, index + 1)
        : NativeText.decode(new byte[] {(byte) (0x80 + index - LETTERS.length())});
  }
}

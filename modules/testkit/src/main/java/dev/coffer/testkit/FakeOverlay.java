package dev.coffer.testkit;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * An overlay for tests without root: it mounts nothing, shows the upper layer alone (the topmost
 * lower where there is none), and remembers what was asked of it.
 */
public final class FakeOverlay implements Overlay {
  private final List<Mounted> mounted = new ArrayList<>();

  /** One call. */
  public record Mounted(OverlayLayers layers, OverlayOptions options) {}

  @Override
  public synchronized Fd mount(OverlayLayers layers, OverlayOptions options)
      throws KernelException {
    mounted.add(new Mounted(layers, options));
    Fd shown =
        layers
            .writable()
            .map(OverlayLayers.Writable::upper)
            .orElseGet(() -> layers.lowers().getFirst());
    return FileOpen.at(shown, ".", OpenFlags.PATH | OpenFlags.DIRECTORY, 0);
  }

  /** All calls so far. */
  public synchronized List<Mounted> mounted() {
    return List.copyOf(mounted);
  }
}

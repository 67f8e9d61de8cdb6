package dev.coffer.kernel;

import java.util.List;
import java.util.Optional;

/**
 * The directories of an overlay, by descriptors ({@code O_PATH} ones will do), which stay the
 * caller's own and may be closed after the mount.
 *
 * @param lowers topmost first, at least one; up to 500 where the kernel takes them one by one
 * @param writable absent: the overlay is read-only and has two lowers at least
 */
public record OverlayLayers(List<Fd> lowers, Optional<Writable> writable) {
  /** Two empty directories of one file system. */
  public record Writable(Fd upper, Fd work) {}

  public OverlayLayers {
    lowers = List.copyOf(lowers);
    if (lowers.size() < (writable.isPresent() ? 1 : 2)) {
      throw new IllegalArgumentException("too few lower layers: " + lowers.size());
    }
  }

  /** With an upper layer. */
  public static OverlayLayers writable(List<Fd> lowers, Fd upper, Fd work) {
    return new OverlayLayers(lowers, Optional.of(new Writable(upper, work)));
  }

  /** Lower layers alone. */
  public static OverlayLayers readOnly(List<Fd> lowers) {
    return new OverlayLayers(lowers, Optional.empty());
  }
}

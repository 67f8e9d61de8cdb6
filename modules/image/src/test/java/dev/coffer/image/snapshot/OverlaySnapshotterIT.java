package dev.coffer.image.snapshot;

import dev.coffer.kernel.Overlay;
import java.nio.file.Path;

class OverlaySnapshotterIT extends SnapshotterContract {
  @Override
  Snapshotter open(Path place, Furnishing furnishing) {
    return new OverlaySnapshotter(place, Overlay.ofThisKernel(), furnishing);
  }
}

package dev.coffer.image.snapshot;

import java.nio.file.Path;

class CopySnapshotterIT extends SnapshotterContract {
  @Override
  Snapshotter open(Path place, Furnishing furnishing) {
    return new CopySnapshotter(place, furnishing);
  }
}

package dev.coffer.engine.lifecycle;

import dev.coffer.image.layer.TreeRemoval;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Deletes, behind everybody's back, what has been renamed into {@code trash/}. */
public final class Trash implements AutoCloseable {

  private final Fd directory;
  private final TreeRemoval removal;
  private final Workers workers;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** The trash of a data root. */
  public Trash(Path dataRoot, Workers workers) throws IOException {
    this.directory =
        FileOpen.path(
            dataRoot.resolve("trash").resolve("containers").toString(),
            OpenFlags.RDONLY | OpenFlags.DIRECTORY);
    this.removal = new TreeRemoval(directory);
    this.workers = workers;
  }

  /** Deletes all of it before long. */
  public void emptySoon() {
    if (scheduled.compareAndSet(false, true)) {
      workers.inBackground(
          "empty the trash",
          () -> {
            scheduled.set(false);
            removal.empty();
          });
    }
  }

  @Override
  public void close() {
    directory.close();
  }
}

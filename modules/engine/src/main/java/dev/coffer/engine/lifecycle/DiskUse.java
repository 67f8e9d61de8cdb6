package dev.coffer.engine.lifecycle;

import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/** How much containers have written. */
public final class DiskUse {

  private final StateStore store;

  /** Asks about the containers of this store. */
  public DiskUse(StateStore store) {
    this.store = store;
  }

  /** Bytes of the files in a container's own layer. */
  public long ownLayer(ContainerConfig config) {
    AtomicLong bytes = new AtomicLong();
    try {
      Files.walkFileTree(store.directory(config.id()).upper(), new Sum(bytes));
    } catch (IOException gone) {
      // Removed meanwhile: what was counted until then is as good an answer as any.
    }
    return bytes.get();
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private final AtomicLong bytes;

    Sum(AtomicLong bytes) {
      this.bytes = bytes;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}

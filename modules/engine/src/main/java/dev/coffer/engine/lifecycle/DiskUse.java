package dev.coffer.engine.lifecycle;

import dev.coffer.engine.state.ContainerConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/** How much containers have written. */
public final class DiskUse {

  private final RootFilesystem roots;

  /** Asks about the containers with these roots. */
  public DiskUse(RootFilesystem roots) {
    this.roots = roots;
  }

  /** Bytes of the files that are a container's own. */
  public long ownLayer(ContainerConfig config) {
    AtomicLong bytes = new AtomicLong();
    try {
      Files.walkFileTree(roots.ownFiles(config), new Sum(bytes));
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

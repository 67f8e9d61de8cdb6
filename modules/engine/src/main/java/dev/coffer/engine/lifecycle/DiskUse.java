package dev.coffer.engine.lifecycle;

import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** How much containers have written. */
public final class DiskUse {

  /** What statx(2) counts in. */
  private static final long BLOCK = 512;

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

  /** Bytes of the disk that a tree takes, its holes not counted and each of its files once. */
  public static long allocated(Path tree) {
    Blocks blocks = new Blocks();
    try {
      Files.walkFileTree(tree, blocks);
    } catch (IOException gone) {
      // As above.
    }
    return blocks.bytes;
  }

  private static final class Blocks extends SimpleFileVisitor<Path> {
    private final Set<Long> linked = new HashSet<>();
    private long bytes;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      return visitFile(directory, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Stat stat = FileStat.at(Fd.CWD, file.toString());
      boolean several = !attributes.isDirectory() && stat.links() > 1;
      if (!several || linked.add(stat.inode())) {
        bytes += stat.blocks() * BLOCK;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
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

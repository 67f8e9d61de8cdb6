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
    return new Claimed().of(roots.ownFiles(config));
  }

  /** Bytes of the disk that a tree takes, its holes not counted and each of its files once. */
  public static long allocated(Path tree) {
    return new Allocated().of(tree);
  }

  /** Adds up a tree. What is gone by the time that it is looked at counts nothing. */
  private abstract static class Sum extends SimpleFileVisitor<Path> {
    private long bytes;

    abstract long bytes(Path file, BasicFileAttributes attributes) throws IOException;

    final long of(Path tree) {
      try {
        Files.walkFileTree(tree, this);
      } catch (IOException gone) {
        // Removed meanwhile: what was counted until then is as good an answer as any.
      }
      return bytes;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return visitFile(directory, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      try {
        bytes += bytes(file, attributes);
      } catch (IOException gone) {
        // The others are still there.
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  private static final class Claimed extends Sum {
    @Override
    long bytes(Path file, BasicFileAttributes attributes) {
      return attributes.isRegularFile() ? attributes.size() : 0;
    }
  }

  private static final class Allocated extends Sum {
    private final Set<Long> linked = new HashSet<>();

    @Override
    long bytes(Path file, BasicFileAttributes attributes) throws IOException {
      Stat stat = FileStat.at(Fd.CWD, file.toString());
      boolean several = !attributes.isDirectory() && stat.links() > 1;
      return several && !linked.add(stat.inode()) ? 0 : stat.blocks() * BLOCK;
    }
  }
}

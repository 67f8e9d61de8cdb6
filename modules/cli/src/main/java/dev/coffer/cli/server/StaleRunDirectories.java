package dev.coffer.cli.server;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Run directories {@code r-HASH} of engines whose data roots are gone: nobody comes back to them,
 * and a reboot, which would take them away, may be far.
 */
final class StaleRunDirectories {
  /** A file in a run directory with the path of its data root. */
  static final String ROOT = "root";

  private static final String NAME = "r-[0-9a-f]{16}";
  private static final String MONITORS = "m";
  private static final String MONITOR_LOCK = "monitor.lock";

  private StaleRunDirectories() {}

  /** Notes whose run directory it is; its engine's lock is held. */
  static void note(Path runDirectory, Path root) throws IOException {
    Path note = runDirectory.resolve(ROOT);
    String text = root + "\n";
    if (Files.notExists(note) || !Files.readString(note, StandardCharsets.UTF_8).equals(text)) {
      Files.writeString(note, text, StandardCharsets.UTF_8);
    }
  }

  /** Removes those beside a run directory, or below that of the default root. */
  static void sweep(Path runDirectory) {
    Path name = runDirectory.getFileName();
    boolean isDefault = name == null || !name.toString().matches(NAME);
    Path base = isDefault ? runDirectory : runDirectory.toAbsolutePath().getParent();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(base, "r-*")) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().matches(NAME) && !entry.equals(runDirectory)) {
          remove(entry);
        }
      }
    } catch (IOException | RuntimeException e) {
      System.getLogger(StaleRunDirectories.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove run directories of earlier engines", e);
    }
  }

  /** Removes one unless it is in use, which the locks of its engine and its monitors prove. */
  private static void remove(Path directory) throws IOException {
    if (!isOrphan(directory)) {
      return;
    }
    List<Fd> locks = new ArrayList<>();
    try {
      boolean free =
          take(directory.resolve(Door.LOCK), locks)
              && take(directory.resolve(Door.START_LOCK), locks);
      for (Path monitor : monitors(directory)) {
        free = free && take(monitor.resolve(MONITOR_LOCK), locks);
      }
      // Its root may have come again before it was locked.
      if (free && isOrphan(directory)) {
        delete(directory);
      }
    } finally {
      locks.forEach(Fd::close);
    }
  }

  private static boolean isOrphan(Path directory) throws IOException {
    try {
      String root = Files.readString(directory.resolve(ROOT), StandardCharsets.UTF_8);
      return root.startsWith("/") && root.endsWith("\n") && Files.notExists(Path.of(root.strip()));
    } catch (NoSuchFileException e) {
      // Of an earlier build, or just being made.
      return false;
    }
  }

  /** Locks a file that may not be there. */
  private static boolean take(Path file, List<Fd> locks) throws IOException {
    Fd lock;
    try {
      lock = FileOpen.path(file.toString(), OpenFlags.RDWR | OpenFlags.NOFOLLOW);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return true;
      }
      throw e;
    }
    locks.add(lock);
    return Flock.tryExclusive(lock);
  }

  private static List<Path> monitors(Path directory) throws IOException {
    try (Stream<Path> monitors = Files.list(directory.resolve(MONITORS))) {
      return monitors.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** The note goes last but for the directory: what is cut short is found again. */
  private static void delete(Path directory) throws IOException {
    List<Path> found;
    try (Stream<Path> all = Files.walk(directory)) {
      found = all.sorted((one, other) -> other.compareTo(one)).toList();
    }
    Path note = directory.resolve(ROOT);
    for (Path path : found) {
      if (!path.equals(note) && !path.equals(directory)) {
        boolean ignored = Files.deleteIfExists(path);
      }
    }
    boolean ignored = Files.deleteIfExists(note) && Files.deleteIfExists(directory);
  }
}

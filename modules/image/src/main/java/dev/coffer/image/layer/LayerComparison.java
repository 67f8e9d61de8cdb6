package dev.coffer.image.layer;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.tar.TarEntry;
import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.image.tar.TarReader;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Resolve;
import dev.coffer.kernel.Stat;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares an unpacked layer with its archive: what the archive has must be there, of the same
 * kind, size, permissions and content. Files beyond that are not looked for. For use by one thread.
 *
 * <p>An archive may have a name twice, and then the last one counts, so what differs is only known
 * at the end.
 */
final class LayerComparison {
  private static final String WHITEOUT = ".wh.";
  private static final int BUFFER = 64 * 1024;
  private static final int RESOLVE = Resolve.BENEATH | Resolve.NO_SYMLINKS;

  private final Fd root;
  private final ArchiveLimits limits;
  private final Map<String, String> differences = new LinkedHashMap<>();
  private final byte[] expected = new byte[BUFFER];
  private final byte[] found = new byte[BUFFER];

  LayerComparison(Fd root, ArchiveLimits limits) {
    this.root = root;
    this.limits = limits;
  }

  /** The first file that differs, and how; empty when none does. */
  Optional<String> run(InputStream archive) throws IOException {
    TarReader reader = new TarReader(archive, limits);
    Optional<TarEntry> next = reader.next();
    while (next.isPresent()) {
      compare(next.get(), reader);
      next = reader.next();
    }
    return differences.entrySet().stream()
        .findFirst()
        .map(first -> "\"%s\" %s".formatted(first.getKey(), first.getValue()));
  }

  private void compare(TarEntry entry, TarReader data) throws IOException {
    List<String> path = EntryPath.parse(entry.name(), limits.maxDepth());
    if (path.isEmpty()) {
      return;
    }
    String name = path.getLast();
    if (name.startsWith(WHITEOUT)) {
      List<String> hidden = new ArrayList<>(path);
      hidden.set(path.size() - 1, name.substring(WHITEOUT.length()));
      forget(String.join("/", hidden));
      return;
    }
    String joined = String.join("/", path);
    if (entry.type() != TarEntry.FileKind.DIRECTORY) {
      forget(joined);
    } else {
      differences.remove(joined);
    }
    Optional<String> difference = difference(joined, entry, data);
    difference.ifPresent(how -> differences.put(joined, how));
  }

  private void forget(String path) {
    differences.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
  }

  private Optional<String> difference(String path, TarEntry entry, TarReader data)
      throws IOException {
    try (Fd file = FileOpen.in(root, path, OpenFlags.PATH | OpenFlags.NOFOLLOW, 0, RESOLVE)) {
      Stat stat = FileStat.of(file);
      return switch (entry.type()) {
        case REGULAR -> regular(path, stat, entry, data);
        case DIRECTORY -> kind(stat, FileType.DIRECTORY).or(() -> permissions(stat, entry));
        case SYMBOLIC_LINK -> link(path, stat, entry);
        case HARD_LINK ->
            stat.type() == FileType.DIRECTORY ? Optional.of("is a directory") : Optional.empty();
        case FIFO -> kind(stat, FileType.FIFO);
        case CHARACTER_DEVICE -> kind(stat, FileType.CHARACTER_DEVICE);
        case BLOCK_DEVICE -> kind(stat, FileType.BLOCK_DEVICE);
      };
    } catch (KernelException e) {
      boolean absent = e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP);
      if (!absent) {
        throw e;
      }
      // Who may not make devices has none.
      boolean device =
          entry.type() == TarEntry.FileKind.CHARACTER_DEVICE
              || entry.type() == TarEntry.FileKind.BLOCK_DEVICE;
      return device ? Optional.empty() : Optional.of("is missing");
    }
  }

  private static Optional<String> kind(Stat stat, FileType type) {
    return stat.type() == type ? Optional.empty() : Optional.of("is of another kind");
  }

  private static Optional<String> permissions(Stat stat, TarEntry entry) {
    return stat.permissions() == entry.mode()
        ? Optional.empty()
        : Optional.of(
            "has the permissions %04o instead of %04o".formatted(stat.permissions(), entry.mode()));
  }

  private Optional<String> link(String path, Stat stat, TarEntry entry) throws IOException {
    Optional<String> kind = kind(stat, FileType.SYMBOLIC_LINK);
    if (kind.isPresent()) {
      return kind;
    }
    int slash = path.lastIndexOf('/');
    String above = slash < 0 ? "." : path.substring(0, slash);
    int flags = OpenFlags.PATH | OpenFlags.DIRECTORY;
    try (Fd directory = FileOpen.in(root, above, flags, 0, RESOLVE)) {
      String target = FileTree.readSymbolicLink(directory, path.substring(slash + 1));
      return target.equals(entry.link()) ? Optional.empty() : Optional.of("leads elsewhere");
    }
  }

  private Optional<String> regular(String path, Stat stat, TarEntry entry, TarReader data)
      throws IOException {
    Optional<String> simple = kind(stat, FileType.REGULAR).or(() -> permissions(stat, entry));
    if (simple.isPresent()) {
      return simple;
    }
    if (stat.size() != entry.size()) {
      return Optional.of("has %d bytes instead of %d".formatted(stat.size(), entry.size()));
    }
    int flags = OpenFlags.RDONLY | OpenFlags.NOFOLLOW;
    try (Fd file = FileOpen.in(root, path, flags, 0, RESOLVE);
        FileInputStream in = new FileInputStream(file.procPath())) {
      for (Extent extent : entry.extents()) {
        var ignored = in.getChannel().position(extent.offset());
        if (!sameBytes(in, data, extent.length())) {
          return Optional.of("has other content");
        }
      }
    }
    return Optional.empty();
  }

  private boolean sameBytes(InputStream in, TarReader data, long length) throws IOException {
    for (long left = length; left > 0; ) {
      int wanted = (int) Math.min(left, BUFFER);
      int filled = 0;
      while (filled < wanted) {
        filled += data.read(expected, filled, wanted - filled);
      }
      int count = in.readNBytes(found, 0, wanted);
      if (count < wanted || !Arrays.equals(expected, 0, wanted, found, 0, wanted)) {
        return false;
      }
      left -= wanted;
    }
    return true;
  }
}

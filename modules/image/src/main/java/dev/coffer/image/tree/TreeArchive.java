package dev.coffer.image.tree;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.tar.EntryWriter;
import dev.coffer.image.tar.TarEntry;
import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.image.tar.TarEntry.FileKind;
import dev.coffer.kernel.Device;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what a walk meets as a tar archive. Equal trees give equal bytes: sorted, whole seconds,
 * owners by number. Sockets are left out, as tar has no word for them.
 */
final class TreeArchive implements TreeSink {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final int READ = OpenFlags.RDONLY | OpenFlags.NONBLOCK;
  private static final int BUFFER = 256 * 1024;

  /** Holes smaller than that in sum are written out: every reader takes a plain file. */
  private static final long WORTH_A_MAP = 1 << 20;

  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private final EntryWriter out;
  private final Optional<Instant> latest;
  private final boolean layer;
  private final Map<Inode, String> links = new HashMap<>();
  private final byte[] buffer = new byte[BUFFER];
  private long entries;

  private record Inode(long device, long number) {}

  /**
   * @param latest no entry is said to be younger
   * @param layer whether removals are noted, and names that look like such notes refused
   */
  TreeArchive(OutputStream out, Optional<Instant> latest, boolean layer) {
    this.out = new EntryWriter(out);
    this.latest = latest;
    this.layer = layer;
  }

  /** Ends the archive; how many entries it has. */
  long finish() throws IOException {
    out.close();
    return entries;
  }

  @Override
  public boolean wantsKept() {
    // A file whose attributes were put back may have another content all the same.
    return true;
  }

  @Override
  public void deleted(String path, boolean implied) throws IOException {
    if (!implied) {
      int name = path.lastIndexOf('/') + 1;
      mark(path.substring(0, name) + WHITEOUT + path.substring(name));
    }
  }

  private void mark(String path) throws IOException {
    write(
        new TarEntry(
            path, FileKind.REGULAR, 0, 0, 0, 0, Instant.EPOCH, "", 0, 0, Map.of(), List.of()),
        EntryWriter.NOTHING);
  }

  @Override
  public void node(Standing standing, String path, TreeNode node, boolean hides)
      throws IOException {
    if (layer && path.startsWith(WHITEOUT, path.lastIndexOf('/') + 1)) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "not supported: \"/%s\" in a layer would mean that something was removed (rename it)"
              .formatted(path));
    }
    try {
      switch (node.stat().type()) {
        case DIRECTORY -> {
          write(entry(path + "/", FileKind.DIRECTORY, node, ""), EntryWriter.NOTHING);
          if (layer && hides) {
            mark(path + "/" + OPAQUE);
          }
        }
        case REGULAR -> linkOr(path, node, () -> regular(path, node));
        case SYMBOLIC_LINK ->
            linkOr(path, node, () -> plain(path, FileKind.SYMBOLIC_LINK, node, node.target()));
        case FIFO -> linkOr(path, node, () -> plain(path, FileKind.FIFO, node, ""));
        case CHARACTER_DEVICE ->
            linkOr(path, node, () -> plain(path, FileKind.CHARACTER_DEVICE, node, ""));
        case BLOCK_DEVICE -> linkOr(path, node, () -> plain(path, FileKind.BLOCK_DEVICE, node, ""));
        case SOCKET, NONE -> {}
      }
    } catch (KernelException e) {
      throw new IOException("cannot read \"/" + path + "\": " + e.getMessage(), e);
    }
  }

  private interface Write {
    void run() throws IOException;
  }

  /** The second name of a file is a link to the first. */
  private void linkOr(String path, TreeNode node, Write first) throws IOException {
    Inode inode = new Inode(node.stat().device(), node.stat().inode());
    String known = node.stat().links() > 1 ? links.putIfAbsent(inode, path) : null;
    if (known == null) {
      first.run();
    } else {
      plain(path, FileKind.HARD_LINK, node, known);
    }
  }

  private void plain(String path, FileKind kind, TreeNode node, String link) throws IOException {
    write(entry(path, kind, node, link), EntryWriter.NOTHING);
  }

  private void regular(String path, TreeNode node) throws IOException {
    try (Fd file = FileOpen.reopen(node.fd(), READ)) {
      Stat stat = FileStat.of(file);
      List<Extent> extents = extents(file, stat);
      TarEntry entry = entry(path, FileKind.REGULAR, node, "", stat.size(), extents);
      write(entry, data -> copy(file, extents, data));
    }
  }

  private static List<Extent> extents(Fd file, Stat stat) throws KernelException {
    long size = stat.size();
    if (size == 0) {
      return List.of();
    }
    List<Extent> whole = List.of(new Extent(0, size));
    if (size - stat.blocks() * 512 < WORTH_A_MAP) {
      return whole;
    }
    List<Extent> extents = new ArrayList<>();
    long holes = size;
    for (long at = 0; at < size; ) {
      long start = nextData(file, at, size);
      long end = start < size ? Math.min(FileData.seek(file, start, SEEK_HOLE), size) : size;
      if (end > start) {
        extents.add(new Extent(start, end - start));
        holes -= end - start;
      }
      at = Math.max(end, start);
    }
    return holes < WORTH_A_MAP ? whole : extents;
  }

  private static long nextData(Fd file, long from, long size) throws KernelException {
    try {
      return Math.min(FileData.seek(file, from, SEEK_DATA), size);
    } catch (KernelException e) {
      if (e.is(Errno.ENXIO)) {
        return size;
      }
      throw e;
    }
  }

  /** A file that shrinks meanwhile is filled with zeros: its size has been told already. */
  private void copy(Fd file, List<Extent> extents, OutputStream data) throws IOException {
    for (Extent extent : extents) {
      FileData.seek(file, extent.offset(), SEEK_SET);
      for (long left = extent.length(); left > 0; ) {
        int wanted = (int) Math.min(left, BUFFER);
        int count = FileData.read(file, buffer, 0, wanted);
        if (count <= 0) {
          java.util.Arrays.fill(buffer, 0, wanted, (byte) 0);
          count = wanted;
        }
        data.write(buffer, 0, count);
        left -= count;
      }
    }
  }

  private TarEntry entry(String path, FileKind kind, TreeNode node, String link)
      throws KernelException {
    return entry(path, kind, node, link, 0, List.of());
  }

  private TarEntry entry(
      String path, FileKind kind, TreeNode node, String link, long size, List<Extent> extents)
      throws KernelException {
    Stat stat = node.stat();
    boolean device = kind == FileKind.CHARACTER_DEVICE || kind == FileKind.BLOCK_DEVICE;
    return new TarEntry(
        path,
        kind,
        stat.permissions(),
        stat.uid(),
        stat.gid(),
        size,
        clamp(stat.modified()),
        link,
        device ? Device.major(stat.represented()) : 0,
        device ? Device.minor(stat.represented()) : 0,
        kind == FileKind.HARD_LINK ? Map.of() : node.attributes(),
        extents);
  }

  private Instant clamp(Instant modified) {
    Instant whole = modified.truncatedTo(ChronoUnit.SECONDS);
    return latest.filter(whole::isAfter).orElse(whole);
  }

  private void write(TarEntry entry, EntryWriter.Data data) throws IOException {
    out.write(entry, data);
    entries++;
  }
}

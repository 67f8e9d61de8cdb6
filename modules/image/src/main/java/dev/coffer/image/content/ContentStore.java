package dev.coffer.image.content;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.stream.HashingStream;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Stat;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs by digest, below {@code content/}: {@code blobs/<algorithm>/<hex>} are whole and verified,
 * {@code ingest/} holds what is still arriving, and in {@code ingest/pulls/} what for.
 *
 * <p>A blob appears under its digest at once (by a rename) and never changes. That it survives a
 * power cut is only certain after {@link #sync}, which callers use before they write down something
 * that needs the blob: what nothing needs is swept when the store is opened again, so that no
 * half-written blob can be met. The disk writes while layers are unpacked. Any number of threads
 * may call.
 */
public final class ContentStore {
  private final Path blobs;
  private final Path ingest;
  private final List<Path> above;
  private final List<Path> elsewhere;
  private final PendingPulls pending;
  private final Set<Digest> unsynced = ConcurrentHashMap.newKeySet();
  private volatile boolean reachable;

  /** What is smaller is sooner fetched again than gone on with. */
  private static final long WORTH_KEEPING = 1 << 20;

  private ContentStore(Path blobs, Path ingest, List<Path> above, List<Path> elsewhere) {
    this.blobs = blobs;
    this.elsewhere = List.copyOf(elsewhere);
    this.ingest = ingest;
    this.above = above;
    this.pending = new PendingPulls(ingest.resolve("pulls"));
  }

  /** Opens the store and makes what is missing. */
  public static ContentStore open(Path root) throws IOException {
    return open(root, List.of());
  }

  /**
   * The same with other stores beside it, whose blobs are here, too, and are never changed.
   *
   * @param others the roots of those
   */
  public static ContentStore open(Path root, List<Path> others) throws IOException {
    Path blobs = root.resolve("blobs");
    List<Path> above = List.of(blobs, root, root.toAbsolutePath().getParent());
    return open(
        new ContentStore(
            blobs,
            root.resolve("ingest"),
            above,
            others.stream().map(other -> other.resolve("blobs")).toList()));
  }

  /**
   * The same with the two directories apart, which must be on one file system: an image layout has
   * its blobs as this store has.
   */
  public static ContentStore open(Path blobs, Path ingest) throws IOException {
    return open(new ContentStore(blobs, ingest, List.of(blobs), List.of()));
  }

  private static ContentStore open(ContentStore store) throws IOException {
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Files.createDirectories(store.blobs.resolve(algorithm.label()));
    }
    Files.createDirectories(store.ingest);
    return store;
  }

  /** Removes what arrives and is none of these; nobody may be taking in anything. */
  public void sweepArriving(Set<Digest> needed) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(ingest)) {
      for (Path leftover : leftovers) {
        if (Files.isRegularFile(leftover) && !PartFile.isPartOf(leftover, needed)) {
          Files.delete(leftover);
        }
      }
    }
  }

  /** Bytes on the disk of what arrives, or was left by pulls that broke off. */
  public long arrivingBytes() throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ingest)) {
      for (Path file : files) {
        bytes += allocatedBytes(file);
      }
    }
    return bytes;
  }

  /** Less than its length where pieces of it are missing. */
  private static long allocatedBytes(Path file) throws IOException {
    try {
      Stat stat = FileStat.at(Fd.CWD, file.toString());
      return stat.type() == FileType.REGULAR ? 512 * stat.blocks() : 0;
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return 0;
      }
      throw e;
    }
  }

  /** What unfinished pulls need. */
  public PendingPulls pending() {
    return pending;
  }

  /** The file of a blob that arrives in pieces, perhaps with some of them. */
  public PartFile part(Digest digest) throws IOException {
    return new PartFile(this, ingest, digest);
  }

  /** Where a blob is or would be. Its file must not be changed. */
  public Path path(Digest digest) {
    Path own = ownPath(digest);
    if (!elsewhere.isEmpty() && !Files.exists(own)) {
      for (Path other : elsewhere) {
        Path there = below(other, digest);
        if (Files.exists(there)) {
          return there;
        }
      }
    }
    return own;
  }

  /** Where a blob is or would be in this store itself. */
  Path ownPath(Digest digest) {
    return below(blobs, digest);
  }

  private static Path below(Path directory, Digest digest) {
    return directory.resolve(digest.algorithm().label()).resolve(digest.hex());
  }

  /** Whether the blob is there, whole. */
  public boolean has(Digest digest) {
    return Files.exists(path(digest));
  }

  /** The blob's length in bytes; empty when it is not there. */
  public Optional<Long> size(Digest digest) throws IOException {
    try {
      return Optional.of(Files.size(path(digest)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Opens a blob.
   *
   * @throws ImageException NOT_FOUND
   */
  public InputStream open(Digest digest) throws IOException {
    try {
      return Files.newInputStream(path(digest));
    } catch (NoSuchFileException e) {
      throw new ImageException(Kind.NOT_FOUND, "cannot read blob " + digest + ": it is missing", e);
    }
  }

  /**
   * Reads a whole small blob and checks its digest.
   *
   * @throws ImageException NOT_FOUND, LIMIT_EXCEEDED, DIGEST_MISMATCH
   */
  public byte[] read(Digest digest, int maxBytes) throws IOException {
    try (InputStream in = open(digest)) {
      byte[] bytes = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new ImageException(
            Kind.LIMIT_EXCEEDED,
            "cannot read blob %s: larger than %d bytes".formatted(digest, maxBytes));
      }
      if (!Digest.of(digest.algorithm(), bytes).equals(digest)) {
        throw new ImageException(
            Kind.DIGEST_MISMATCH, "cannot read blob " + digest + ": its bytes have changed");
      }
      return bytes;
    }
  }

  /** Whether a blob's bytes still have its digest; reads all of it. */
  public boolean isSound(Digest digest) throws IOException {
    try (InputStream in = open(digest);
        HashingStream hashed = new HashingStream(in, digest.algorithm())) {
      byte[] chunk = new byte[256 * 1024];
      while (hashed.read(chunk, 0, chunk.length) >= 0) {}
      return hashed.digest().equals(digest);
    }
  }

  /** Starts taking in bytes whose digest will be of that algorithm. */
  public Ingest ingest(Digest.Algorithm algorithm) throws IOException {
    Path file = Files.createFile(ingest.resolve("blob-" + UUID.randomUUID()));
    return new Ingest(this, file, algorithm);
  }

  /** Takes in a small blob; nothing happens when it is there. */
  public Digest put(byte[] bytes) throws IOException {
    Digest digest = Digest.ofBytes(bytes);
    put(digest, bytes);
    return digest;
  }

  /**
   * Takes in a small blob by a digest of any algorithm; nothing happens when it is there.
   *
   * @throws ImageException DIGEST_MISMATCH
   */
  public void put(Digest digest, byte[] bytes) throws IOException {
    if (!has(digest)) {
      try (Ingest arriving = ingest(digest.algorithm())) {
        arriving.write(bytes);
        arriving.publish(digest);
      }
    }
  }

  /** Removes a blob, if it is there. Who has it open reads on. */
  public void delete(Digest digest) throws IOException {
    unsynced.remove(digest);
    Files.deleteIfExists(ownPath(digest));
  }

  /**
   * Takes back a blob whose bytes may have been lost in a power cut. A large one becomes a part of
   * itself, so that a pull that needs it reads it and compares its digest before it believes it.
   */
  public void doubt(Digest digest) throws IOException {
    unsynced.remove(digest);
    Path blob = ownPath(digest);
    if (Files.size(blob) < WORTH_KEEPING) {
      Files.delete(blob);
    } else {
      Files.move(blob, PartFile.place(ingest, digest), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** All blobs. */
  public Set<Digest> list() throws IOException {
    Set<Digest> found = new TreeSet<>();
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(blobs.resolve(algorithm.label()))) {
        for (Path file : files) {
          found.add(new Digest(algorithm, file.getFileName().toString()));
        }
      }
    }
    return found;
  }

  void published(Digest digest) {
    unsynced.add(digest);
  }

  /**
   * Returns when these blobs and their names are on the disk, and so are the names of the
   * directories beside this store's.
   */
  public void sync(Set<Digest> digests) throws IOException {
    for (Digest digest : digests) {
      if (unsynced.contains(digest)) {
        try (FileChannel channel = FileChannel.open(ownPath(digest), StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    }
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      syncDirectory(blobs.resolve(algorithm.label()));
    }
    if (!reachable) {
      // Once for each opening: a process that made the directories may have been killed since.
      for (Path directory : above) {
        syncDirectory(directory);
      }
      reachable = true;
    }
    // Only now: another thread that needs one of them must not believe it safe before it is.
    unsynced.removeAll(digests);
  }

  /** {@code fsync(2)} of a directory. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

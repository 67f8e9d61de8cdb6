package dev.coffer.image.layer;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.stream.PlainStream;
import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Unpacked layers, below {@code layers/<chain id>/}: {@code diff/} holds the files and {@code
 * layer.json} what is known of them.
 *
 * <p>A layer is unpacked next to the others and appears under its name when it is whole. Layers of
 * one image are unpacked side by side; two requests for one layer share the work. Nothing of that
 * is synced: a layer can be unpacked again from its blob. Instead its record carries the boot's id
 * until the file system has been synced in the background, and one of an earlier boot that never
 * got that far is dropped when the store is opened ({@link DurableLater}).
 */
public final class LayerStore implements AutoCloseable {
  private static final String STAGING = "staging-";
  private static final String EMPTY = "empty";
  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  /** A layer to unpack: the blob that holds its archive and that archive's uncompressed digest. */
  public record Source(Digest blob, Digest diffId) {}

  /** Where the archives of layers come from. */
  @FunctionalInterface
  public interface Blobs {
    /** Opens one. */
    InputStream open(Digest blob) throws IOException;
  }

  /** How many layers whose archives are still arriving are unpacked at once. */
  private static final int ARRIVING = 4;

  private final Path root;
  private final ContentStore content;
  private final ArchiveLimits limits;
  private final Fd layers;
  private final Fd trash;
  private final TreeRemoval removal;
  private final Privileges privileges;
  private final String bootId;
  private final SharedLayers shared;
  private final DurableLater durable;
  private final Map<Digest, LayerRecord> present = new ConcurrentHashMap<>();
  private final Map<Digest, CompletableFuture<LayerRecord>> inFlight = new HashMap<>();
  private final ExecutorService workers =
      workers("coffer-unpack", Runtime.getRuntime().availableProcessors());
  private final ExecutorService arriving = workers("coffer-unpack-arriving", ARRIVING);
  private final ExecutorService background = workers("coffer-layers", 1);

  private LayerStore(
      Path root,
      Path trash,
      ContentStore content,
      ArchiveLimits limits,
      List<Path> others,
      Duration syncDelay)
      throws IOException {
    this.root = root;
    this.content = content;
    this.limits = limits;
    Files.createDirectories(root.resolve(EMPTY));
    Files.createDirectories(trash);
    this.layers = FileOpen.path(root.toString(), DIRECTORY);
    // A layer is written and removed as a whole; ext4 without a journal looks at each inode that
    // was
    // freed in the last half minute before it takes one nearby.
    boolean _ = FileAttributes.spreadSubdirectories(layers);
    this.trash = FileOpen.path(trash.toString(), DIRECTORY);
    this.removal = new TreeRemoval(this.trash);
    this.bootId = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    this.shared = new SharedLayers(others, bootId);
    this.durable = new DurableLater(layers, syncDelay, background);
    recover();
    this.privileges = Privileges.probe(this.trash);
  }

  /**
   * Opens the store and sweeps what a killed process or a power cut left half done.
   *
   * @param root the directory of the layers
   * @param trash a directory on the same file system for what is to be removed
   * @param content where the archives are
   * @param others directories of other stores' layers, which are used and never changed
   * @param syncDelay how long after the last layer the file system is synced
   */
  public static LayerStore open(
      Path root,
      Path trash,
      ContentStore content,
      ArchiveLimits limits,
      List<Path> others,
      Duration syncDelay)
      throws IOException {
    return new LayerStore(root, trash, content, limits, others, syncDelay);
  }

  private Optional<LayerRecord> record(Digest chainId) {
    return Optional.ofNullable(present.get(chainId))
        .or(() -> shared.find(chainId).map(SharedLayers.Shared::record));
  }

  private Path files(Digest chainId) {
    return present.containsKey(chainId)
        ? root.resolve(chainId.hex()).resolve(Staging.FILES)
        : shared.find(chainId).orElseThrow().files();
  }

  private void recover() throws IOException {
    for (DirectoryEntry entry : Directory.list(layers)) {
      if (entry.name().equals(EMPTY)) {
        continue;
      }
      Optional<LayerRecord> record = Optional.empty();
      if (!entry.name().startsWith(STAGING)) {
        try (Fd directory = FileOpen.at(layers, entry.name(), DIRECTORY, 0)) {
          record = RecordFile.read(directory);
        }
      }
      boolean whole =
          record.isPresent()
              && record.get().chainId().hex().equals(entry.name())
              && (record.get().bootId().isEmpty() || record.get().bootId().equals(bootId));
      if (whole) {
        present.put(record.get().chainId(), record.get());
        if (!record.get().bootId().isEmpty()) {
          durable.add(record.get());
        }
      } else {
        removal.discard(layers, entry.name());
      }
    }
  }

  /**
   * The directories of a stack of layers, unpacked if they are not yet.
   *
   * @param stack lowest first
   * @return the directories to mount, lowest first: those that an opaque root of a higher layer
   *     does not hide, and an empty one for an empty stack
   * @throws ImageException when a layer cannot be unpacked; then none of those that were missing
   *     and depend on it is there
   */
  public List<Path> ensure(List<Source> stack) throws IOException {
    List<Digest> chain = ChainId.of(stack.stream().map(Source::diffId).toList());
    Optional<List<Path>> unpacked = find(chain);
    if (unpacked.isPresent()) {
      return unpacked.get();
    }
    await(start(stack, chain, content::open, workers));
    return visible(chain).reversed();
  }

  /**
   * As {@link #ensure}, of archives that may still be arriving: each is read as far as it is there.
   *
   * @param blobs opens an archive; its stream ends only when the archive is known to be whole
   */
  public void ensureArriving(List<Source> stack, Blobs blobs) throws IOException {
    List<Digest> chain = ChainId.of(stack.stream().map(Source::diffId).toList());
    if (find(chain).isEmpty()) {
      awaitInterruptibly(start(stack, chain, blobs, arriving));
    }
  }

  /** Who gives up waiting has the archives stop arriving, which ends what is under way. */
  private static void awaitInterruptibly(List<CompletableFuture<LayerRecord>> results)
      throws IOException {
    try {
      CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException failed) {
      await(results);
    }
  }

  /** As {@link #ensure}, if all of them are unpacked already; touches no file. */
  public Optional<List<Path>> find(List<Digest> chain) throws ImageException {
    if (!chain.stream().allMatch(chainId -> record(chainId).isPresent())) {
      return Optional.empty();
    }
    return Optional.of(chain.isEmpty() ? List.of(root.resolve(EMPTY)) : visible(chain).reversed());
  }

  private List<CompletableFuture<LayerRecord>> start(
      List<Source> stack, List<Digest> chain, Blobs blobs, ExecutorService unpackers) {
    List<CompletableFuture<LayerRecord>> results = new ArrayList<>();
    synchronized (inFlight) {
      for (int i = 0; i < chain.size(); i++) {
        int source = i;
        Digest chainId = chain.get(i);
        LayerRecord known = record(chainId).orElse(null);
        CompletableFuture<LayerRecord> result =
            known != null ? CompletableFuture.completedFuture(known) : inFlight.get(chainId);
        if (result == null) {
          CompletableFuture<LayerRecord> below =
              i == 0 ? CompletableFuture.completedFuture(null) : results.getLast();
          result =
              start(
                  () -> stage(stack.get(source), blobs),
                  unpackers,
                  chainId,
                  chain.subList(0, i),
                  below);
          inFlight.put(chainId, result);
        }
        results.add(result);
      }
    }
    return results;
  }

  private CompletableFuture<LayerRecord> start(
      Task<Staging> unpacking,
      ExecutorService unpackers,
      Digest chainId,
      List<Digest> chainBelow,
      CompletableFuture<LayerRecord> below) {
    CompletableFuture<Staging> staged =
        CompletableFuture.supplyAsync(() -> unchecked(unpacking), unpackers);
    return staged
        .thenCombineAsync(
            below, (staging, _) -> unchecked(() -> publish(staging, chainId, chainBelow)), workers)
        // Async, because it must not run before the caller has put the future into the map.
        .whenCompleteAsync(
            (_, _) -> {
              if (!staged.isCompletedExceptionally()) {
                discard(staged.join());
              }
              synchronized (inFlight) {
                inFlight.remove(chainId);
              }
            },
            workers);
  }

  private static void await(List<CompletableFuture<LayerRecord>> results) throws IOException {
    CompletionException first = null;
    // All of them, so that nothing goes on behind the back of a caller that was told of a failure.
    for (CompletableFuture<LayerRecord> result : results) {
      try {
        result.join();
      } catch (CompletionException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw rethrown(first);
    }
  }

  /** The failure as the caller's own, with the stack of the thread that met it as the cause. */
  private static IOException rethrown(CompletionException e) {
    Throwable cause = e;
    while (cause instanceof CompletionException || cause instanceof UncheckedIOException) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case ImageException image -> new ImageException(image.kind(), image.getMessage(), image);
      case IOException io -> new IOException(io.getMessage(), io);
      default -> throw e;
    };
  }

  private Staging stage(Source source, Blobs blobs) throws IOException {
    return stage(source.blob, Optional.of(source.diffId), blobs);
  }

  private Staging stage(Digest blob, Optional<Digest> diffId, Blobs blobs) throws IOException {
    // ext4 chooses a layer's place on the disk by this name, so no two may be alike.
    String name = STAGING + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    Staging staging = new Staging(blob, layers, name, removal, privileges, limits);
    try (InputStream archive = blobs.open(blob)) {
      staging.unpack(archive, diffId, limits);
      return staging;
    } catch (ImageException e) {
      discard(staging);
      throw Staging.failure(blob, e);
    } catch (IOException | RuntimeException | Error e) {
      discard(staging);
      throw e;
    }
  }

  private LayerRecord publish(Staging staging, Digest chainId, List<Digest> below)
      throws IOException {
    LowerLayers lower = new LowerLayers(visible(below), privileges.overlayPrefix());
    LayerRecord record = staging.publish(chainId, lower, bootId);
    present.put(chainId, record);
    durable.add(record);
    return record;
  }

  /** Directories of layers that are there, topmost first, down to one that hides the rest. */
  private List<Path> visible(List<Digest> chain) throws ImageException {
    List<Path> visible = new ArrayList<>();
    for (Digest chainId : chain.reversed()) {
      Optional<LayerRecord> record = record(chainId);
      if (record.isEmpty()) {
        throw new ImageException(
            Kind.NOT_FOUND, "cannot use layer " + chainId + ": it was removed meanwhile");
      }
      visible.add(files(chainId));
      if (record.get().opaqueRoot()) {
        break;
      }
    }
    return visible;
  }

  /**
   * Unpacks a layer that stands alone and whose uncompressed digest is not known yet.
   *
   * @return that digest, which is its chain id, too
   */
  public Digest unpackBase(Digest blob) throws IOException {
    Staging staging = stage(blob, Optional.empty(), content::open);
    try {
      Digest diffId = staging.diffId();
      synchronized (inFlight) {
        if (!present.containsKey(diffId) && !inFlight.containsKey(diffId)) {
          publish(staging, diffId, List.of());
        }
      }
      return diffId;
    } finally {
      discard(staging);
    }
  }

  private void discard(Staging staging) {
    try {
      staging.close();
      // What was unpacked twice, or in part, must not wait on disk until an image is removed.
      emptyTrashLater();
    } catch (IOException e) {
      // Swept when the store is opened next.
      System.getLogger(LayerStore.class.getName())
          .log(System.Logger.Level.WARNING, "cannot discard a half-unpacked layer", e);
    }
  }

  /** Bytes of a layer's regular files; empty when it is not unpacked. */
  public OptionalLong sizeBytes(Digest chainId) {
    Optional<LayerRecord> record = record(chainId);
    return record.isPresent() ? OptionalLong.of(record.get().sizeBytes()) : OptionalLong.empty();
  }

  /**
   * Compares an unpacked layer of this store itself with its archive.
   *
   * @return the first file that is not as the archive has it, and how; empty when all are, or when
   *     the layer is not unpacked here
   */
  public Optional<String> compare(Digest chainId, Digest blob) throws IOException {
    if (!present.containsKey(chainId)) {
      return Optional.empty();
    }
    try (Fd files = FileOpen.at(layers, chainId.hex() + "/" + Staging.FILES, DIRECTORY, 0);
        InputStream archive = content.open(blob);
        PlainStream plain = PlainStream.open(archive, limits)) {
      return new LayerComparison(files, limits).run(plain);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.of("its directory is missing");
      }
      throw e;
    }
  }

  /** The chain ids of all layers that are unpacked in this store itself. */
  public Set<Digest> list() {
    return Set.copyOf(present.keySet());
  }

  /** Takes a layer away; its files are removed by {@link #emptyTrash}. */
  public void delete(Digest chainId) throws IOException {
    if (present.remove(chainId) != null) {
      durable.forget(chainId);
      removal.discard(layers, chainId.hex());
    }
  }

  /** Removes the files of what was taken away, now. */
  public void emptyTrash() throws IOException {
    synchronized (removal) {
      removal.empty();
    }
  }

  /** Removes the files of what was taken away, soon. */
  public void emptyTrashLater() {
    background.execute(
        () -> {
          try {
            emptyTrash();
          } catch (IOException e) {
            System.getLogger(LayerStore.class.getName())
                .log(System.Logger.Level.WARNING, "cannot empty the trash", e);
          }
        });
  }

  /** Waits for what runs; nothing may be asked of the store any more. */
  @Override
  public void close() {
    arriving.close();
    workers.close();
    background.close();
    layers.close();
    trash.close();
  }

  private static ExecutorService workers(String name, int count) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            count,
            count,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private interface Task<T> {
    T run() throws IOException;
  }

  private static <T> T unchecked(Task<T> task) {
    try {
      return task.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

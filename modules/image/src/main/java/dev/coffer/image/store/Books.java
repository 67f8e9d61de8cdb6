package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.Removed;
import dev.coffer.image.archive.LoadedTarget;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.PendingPulls;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;

/**
 * Keeps the references on the disk and the catalog in memory the same, and sweeps what no reference
 * needs.
 *
 * <p>Whoever adds blobs or layers, or reads ones that a removal may take away, holds a {@link Use}
 * meanwhile; the sweep waits for a moment without any, and the last user of one that had to wait
 * runs it.
 */
final class Books {
  private final ReferenceFiles files;
  private final ContentStore content;
  private final LayerStore layers;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private final AtomicBoolean sweepWanted = new AtomicBoolean();
  private final List<ReferenceRecord> readOnly = new ArrayList<>();
  private final Map<Digest, StoredTarget> readOnlyTargets = new HashMap<>();
  private volatile List<ReferenceRecord> own = List.of();
  private volatile Catalog catalog;

  /**
   * Opens the books.
   *
   * @param others directories of other stores' records, which are read once and never changed
   */
  Books(Path directory, ContentStore content, LayerStore layers, List<Path> others)
      throws IOException {
    this.files = new ReferenceFiles(directory);
    this.content = content;
    this.layers = layers;
    List<ReferenceRecord> ours = new ArrayList<>();
    Map<Digest, StoredTarget> targets = new HashMap<>();
    read(files.list(), ours, targets);
    for (Path other : others) {
      read(ReferenceFiles.list(other), readOnly, readOnlyTargets);
    }
    show(ours, targets);
    sweep();
  }

  private void read(
      List<ReferenceRecord> found, List<ReferenceRecord> records, Map<Digest, StoredTarget> targets)
      throws IOException {
    for (ReferenceRecord record : found) {
      Digest digest = record.target().digest();
      try {
        if (!targets.containsKey(digest)) {
          targets.put(digest, TargetReader.read(record.target(), content, layers));
        }
        records.add(record);
      } catch (ImageException e) {
        // The file stays: the blobs may come back, and the user should know.
        System.getLogger(Books.class.getName())
            .log(System.Logger.Level.WARNING, "cannot use image " + record, e);
      }
    }
  }

  /** What is our own, and of the other stores what has no name of ours. */
  private Catalog catalogOf(List<ReferenceRecord> ours, Map<Digest, StoredTarget> targets) {
    Set<Optional<Reference>> names = new HashSet<>();
    ours.forEach(record -> names.add(record.reference()));
    List<ReferenceRecord> all = new ArrayList<>(ours);
    for (ReferenceRecord record : readOnly) {
      if (record.reference().isEmpty() || names.add(record.reference())) {
        all.add(record);
      }
    }
    Map<Digest, StoredTarget> allTargets = new HashMap<>(readOnlyTargets);
    allTargets.putAll(targets);
    return new Catalog(all, allTargets);
  }

  /** Makes these records of ours what everybody sees from now on. */
  private void show(List<ReferenceRecord> records, Map<Digest, StoredTarget> targets) {
    own = List.copyOf(records);
    catalog = catalogOf(own, targets);
  }

  private List<ReferenceRecord> own() {
    return new ArrayList<>(own);
  }

  private ImageException readOnly(String name) {
    return new ImageException(
        Kind.CONFLICT,
        "cannot remove image \"%s\": it is in an additional store, which is read-only"
            .formatted(name));
  }

  Catalog catalog() {
    return catalog;
  }

  /** The catalog after the change that is being made. */
  synchronized Catalog settled() {
    return catalog;
  }

  /** All records of this store itself, those among them that cannot be used. */
  List<ReferenceRecord> onDisk() throws IOException {
    return files.list();
  }

  /** While it is open, nothing is swept. */
  interface Use extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  Use use() {
    gate.readLock().lock();
    return () -> {
      gate.readLock().unlock();
      if (sweepWanted.get()) {
        sweep();
      }
    };
  }

  /** Has the current user, who failed and left things behind, sweep at the end. */
  void sweepAfterUse() {
    sweepWanted.set(true);
  }

  /** Writes down loaded targets under their names; a name moves if it had another target. */
  void add(List<LoadedTarget> loaded) throws IOException {
    Map<Digest, StoredTarget> targets = new HashMap<>();
    for (LoadedTarget each : loaded) {
      StoredTarget target = TargetReader.read(each.target(), content, layers);
      // Before the lock is taken: the disk may be slow, and others want to know what there is.
      content.sync(target.blobs());
      targets.put(each.target().digest(), target);
    }
    write(loaded, targets);
  }

  private synchronized void write(List<LoadedTarget> loaded, Map<Digest, StoredTarget> read)
      throws IOException {
    Map<Digest, StoredTarget> targets = new HashMap<>(catalog.targets());
    targets.putAll(read);
    List<ReferenceRecord> records = own();
    for (LoadedTarget each : loaded) {
      Digest digest = each.target().digest();
      for (Reference name : each.names()) {
        replace(records, targets, new ReferenceRecord(Optional.of(name), each.target()));
      }
      boolean kept = records.stream().anyMatch(record -> record.target().digest().equals(digest));
      if (!kept) {
        ReferenceRecord dangling = new ReferenceRecord(Optional.empty(), each.target());
        files.write(dangling);
        records.add(dangling);
      }
    }
    show(records, targets);
  }

  /** As {@link #add}, but what loses its name to the target does not stay without one. */
  synchronized void replace(LoadedTarget loaded, Predicate<Digest> inUse) throws IOException {
    Catalog before = catalog;
    add(List.of(loaded));
    List<ReferenceRecord> records = own();
    for (ReferenceRecord record : own()) {
      boolean used =
          catalog.targets().get(record.target().digest()).images().stream()
              .anyMatch(image -> inUse.test(image.id()));
      if (record.reference().isEmpty() && !before.records().contains(record) && !used) {
        files.delete(record);
        records.remove(record);
      }
    }
    show(records, catalog.targets());
    sweepAfterUse();
  }

  private void replace(
      List<ReferenceRecord> records, Map<Digest, StoredTarget> targets, ReferenceRecord record)
      throws IOException {
    Optional<ReferenceRecord> old =
        records.stream().filter(each -> each.reference().equals(record.reference())).findFirst();
    if (old.isPresent() && !old.get().target().digest().equals(record.target().digest())) {
      Digest left = old.get().target().digest();
      boolean last =
          records.stream().filter(each -> each.target().digest().equals(left)).count() == 1;
      boolean image = !targets.get(left).images().isEmpty();
      if (last && image) {
        // First, so that no moment is without a reference to the image that loses its name.
        ReferenceRecord dangling = new ReferenceRecord(Optional.empty(), old.get().target());
        files.write(dangling);
        records.add(dangling);
      }
    }
    files.write(record);
    old.ifPresent(records::remove);
    records.add(record);
    for (ReferenceRecord each : List.copyOf(records)) {
      if (each.reference().isEmpty() && each.target().digest().equals(record.target().digest())) {
        files.delete(each);
        records.remove(each);
      }
    }
  }

  /** The images of a target, with the names that were just given to it and no others. */
  List<Image> imagesOf(Digest target, List<Reference> names) {
    StoredTarget stored = catalog.targets().get(target);
    return stored.images().stream()
        .map(
            image ->
                new Image(
                    image.id(),
                    names,
                    image.config(),
                    image.manifest(),
                    image.chainIds(),
                    image.sizeBytes()))
        .toList();
  }

  synchronized List<Removed> removeReference(Reference reference, RemoveOptions options)
      throws IOException {
    List<ReferenceRecord> records = own();
    boolean elsewhere =
        readOnly.stream().anyMatch(each -> each.reference().equals(Optional.of(reference)));
    if (elsewhere
        && records.stream().noneMatch(r -> r.reference().equals(Optional.of(reference)))) {
      throw readOnly(reference.familiar());
    }
    ReferenceRecord record =
        records.stream()
            .filter(each -> each.reference().equals(Optional.of(reference)))
            .findFirst()
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND, "no such image: \"" + reference.familiar() + "\""));
    StoredTarget target = catalog.targets().get(record.target().digest());
    boolean last =
        records.stream().filter(each -> each.target().equals(record.target())).count() == 1;
    boolean keep = false;
    if (last) {
      for (Image image : target.images()) {
        if (options.inUse().test(image.id())) {
          if (!options.force()) {
            throw inUse(reference.familiar(), image);
          }
          keep = true;
        }
      }
    }
    if (keep) {
      ReferenceRecord dangling = new ReferenceRecord(Optional.empty(), record.target());
      files.write(dangling);
      records.add(dangling);
    }
    files.delete(record);
    records.remove(record);
    return change(records, List.of(new Removed.Untagged(reference)));
  }

  synchronized List<Removed> removeImage(Image image, RemoveOptions options) throws IOException {
    List<ReferenceRecord> its = own().stream().filter(record -> holds(record, image)).toList();
    if (its.isEmpty()) {
      throw readOnly(image.id().shortHex());
    }
    boolean inUse = options.inUse().test(image.id());
    if (!options.force()) {
      // Counted now: another may have been given since the image was looked up.
      if (its.stream().filter(record -> record.reference().isPresent()).count() > 1) {
        throw new ImageException(
            Kind.CONFLICT,
            "cannot remove image %s: several names point at it (remove those, or use --force)"
                .formatted(image.id().shortHex()));
      }
      if (inUse) {
        throw inUse(image.id().shortHex(), image);
      }
    }
    List<ReferenceRecord> records = own();
    List<Removed> removed = new ArrayList<>();
    for (ReferenceRecord record : its) {
      StoredTarget target = catalog.targets().get(record.target().digest());
      ReferenceRecord dangling = new ReferenceRecord(Optional.empty(), record.target());
      boolean kept =
          records.stream().anyMatch(each -> each.reference().isEmpty() && each.pointsAt(target));
      if (inUse && !kept) {
        files.write(dangling);
        records.add(dangling);
      }
      if (!inUse || record.reference().isPresent()) {
        files.delete(record);
        records.remove(record);
      }
      record.reference().ifPresent(name -> removed.add(new Removed.Untagged(name)));
    }
    return change(records, removed);
  }

  private boolean holds(ReferenceRecord record, Image image) {
    return catalog.targets().get(record.target().digest()).images().stream()
        .anyMatch(each -> each.id().equals(image.id()));
  }

  /**
   * Removes the images of this store that have no name when it comes to them, and are not in use.
   */
  synchronized List<Removed> prune(Predicate<Digest> inUse) throws IOException {
    Set<Digest> unwanted = new HashSet<>();
    for (Image image : catalog.images()) {
      if (image.references().isEmpty() && !inUse.test(image.id())) {
        unwanted.add(image.id());
      }
    }
    List<ReferenceRecord> records = own();
    for (ReferenceRecord record : own()) {
      List<Image> images = catalog.targets().get(record.target().digest()).images();
      boolean goes =
          record.reference().isEmpty()
              && !images.isEmpty()
              && images.stream().allMatch(each -> unwanted.contains(each.id()));
      if (goes) {
        files.delete(record);
        records.remove(record);
      }
    }
    return change(records, List.of());
  }

  private static ImageException inUse(String name, Image image) {
    return new ImageException(
        Kind.CONFLICT,
        "cannot remove image \"%s\": a container uses %s (remove the container, or use --force)"
            .formatted(name, image.id().shortHex()));
  }

  private List<Removed> change(List<ReferenceRecord> records, List<Removed> untagged)
      throws IOException {
    Catalog before = catalog;
    show(records, before.targets());
    Catalog after = catalog;
    List<Removed> removed = new ArrayList<>(untagged);
    Set<Digest> keptIds = new LinkedHashSet<>();
    after.images().forEach(image -> keptIds.add(image.id()));
    for (Image image : before.images()) {
      if (!keptIds.contains(image.id())) {
        removed.add(new Removed.Deleted(image.id()));
      }
    }
    Set<Digest> keptChains = after.chainIds();
    Set<Digest> gone = new LinkedHashSet<>();
    for (Image image : before.images()) {
      for (Digest chainId : image.chainIds().reversed()) {
        if (!keptChains.contains(chainId)) {
          gone.add(chainId);
        }
      }
    }
    gone.forEach(chainId -> removed.add(new Removed.Deleted(chainId)));
    sweep();
    return List.copyOf(removed);
  }

  /**
   * Takes away all blobs and layers that no reference needs. While somebody uses the store nothing
   * happens: the user sweeps at the end.
   */
  void sweep() throws IOException {
    sweepWanted.set(true);
    if (!gate.writeLock().tryLock()) {
      return;
    }
    try {
      sweepWanted.set(false);
      Catalog now = catalog;
      PendingPulls.Needed pulls = content.pending().needed();
      Set<Digest> blobs = now.blobs();
      blobs.addAll(pulls.blobs());
      for (Digest blob : content.list()) {
        if (blobs.contains(blob)) {
          continue;
        }
        if (pulls.doubtful().contains(blob)) {
          content.doubt(blob);
        } else {
          content.delete(blob);
        }
      }
      content.sweepArriving(pulls.arriving());
      Set<Digest> chainIds = now.chainIds();
      chainIds.addAll(pulls.chainIds());
      for (Digest chainId : layers.list()) {
        if (!chainIds.contains(chainId)) {
          layers.delete(chainId);
        }
      }
    } finally {
      gate.writeLock().unlock();
    }
  }
}

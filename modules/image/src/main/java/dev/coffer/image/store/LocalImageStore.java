package dev.coffer.image.store;

import dev.coffer.image.Artifact;
import dev.coffer.image.CheckReport;
import dev.coffer.image.CommitOptions;
import dev.coffer.image.HistoryStep;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.ImageLayer;
import dev.coffer.image.ImageStore;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.LayerWriter;
import dev.coffer.image.LoadResult;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.Removed;
import dev.coffer.image.StoreUse;
import dev.coffer.image.Variant;
import dev.coffer.image.archive.ArchiveLoader;
import dev.coffer.image.archive.ArchiveSaver;
import dev.coffer.image.archive.LoadedTarget;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.image.pull.Downloads;
import dev.coffer.image.pull.PullOptions;
import dev.coffer.image.pull.PullResult;
import dev.coffer.image.pull.Puller;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The images of one data root, on the local disk. */
public final class LocalImageStore implements ImageStore {
  private final ContentStore content;
  private final LayerStore layers;
  private final ImageStoreOptions options;
  private final Books books;
  private final Downloads downloads;

  private LocalImageStore(Path dataRoot, ImageStoreOptions options) throws IOException {
    this.options = options;
    List<Path> others = options.additional();
    this.content =
        ContentStore.open(
            dataRoot.resolve("content"),
            others.stream().map(other -> other.resolve("content")).toList());
    this.layers =
        LayerStore.open(
            dataRoot.resolve("layers"),
            dataRoot.resolve("trash").resolve("layers"),
            content,
            options.limits(),
            others.stream().map(other -> other.resolve("layers")).toList(),
            options.syncDelay());
    this.books =
        new Books(
            dataRoot.resolve("images"),
            content,
            layers,
            others.stream().map(other -> other.resolve("images")).toList());
    this.downloads = new Downloads(content, options.pull());
    layers.emptyTrashLater();
  }

  /** Opens the store of a data root, whose lock the caller holds, and makes what is missing. */
  public static LocalImageStore open(Path dataRoot, ImageStoreOptions options) throws IOException {
    return new LocalImageStore(dataRoot, options);
  }

  @Override
  public Image resolve(String nameOrId, Optional<Platform> platform) throws ImageException {
    Catalog.Found found = find(nameOrId);
    return Catalog.choose(nameOrId, found.images(), platform);
  }

  @Override
  public Image settled(Digest id) throws ImageException {
    return books
        .settled()
        .find(id.toString())
        .orElseThrow(() -> new ImageException(Kind.NOT_FOUND, "it was removed meanwhile"))
        .images()
        .getFirst();
  }

  private Catalog.Found find(String nameOrId) throws ImageException {
    Optional<Catalog.Found> found = books.catalog().find(nameOrId);
    if (found.isEmpty() && loadEmbedded(nameOrId)) {
      found = books.catalog().find(nameOrId);
    }
    return found.orElseThrow(
        () ->
            new ImageException(
                Kind.NOT_FOUND,
                "no such image: \"%s\" (see coffer images, or load it)".formatted(nameOrId)));
  }

  private boolean loadEmbedded(String name) throws ImageException {
    Optional<Path> archive;
    try {
      Reference reference = Reference.parse(name);
      archive = options.embedded().flatMap(embedded -> embedded.find(reference));
    } catch (IllegalArgumentException notAName) {
      return false;
    }
    if (archive.isEmpty()) {
      return false;
    }
    try {
      return !load(archive.get(), Optional.empty()).images().isEmpty();
    } catch (ImageException e) {
      throw e;
    } catch (IOException e) {
      throw new ImageException(
          Kind.HOST, "cannot load the embedded image \"%s\": %s".formatted(name, e), e);
    }
  }

  @Override
  public List<Image> list() {
    return books.catalog().images();
  }

  @Override
  public List<Path> layers(Image image) throws IOException {
    Optional<List<Path>> unpacked = layers.find(image.chainIds());
    if (unpacked.isPresent()) {
      return unpacked.get();
    }
    try (Books.Use _ = books.use()) {
      return layers.ensure(sources(image, manifestOf(image)));
    }
  }

  private StoredTarget targetOf(Image image) throws ImageException {
    return books
        .catalog()
        .targetOf(image)
        .orElseThrow(
            () ->
                new ImageException(
                    Kind.NOT_FOUND, "image " + image.id().shortHex() + " was removed meanwhile"));
  }

  private Manifest manifestOf(Image image) throws ImageException {
    return targetOf(image).manifests().get(image.manifest().digest());
  }

  private static List<LayerStore.Source> sources(Image image, Manifest manifest) {
    List<LayerStore.Source> sources = new ArrayList<>();
    for (int i = 0; i < manifest.layers().size(); i++) {
      Digest diffId = image.config().diffIds().get(i);
      sources.add(new LayerStore.Source(manifest.layers().get(i).digest(), diffId));
    }
    return sources;
  }

  @Override
  public LoadResult load(InputStream archive, Optional<Platform> platform) throws IOException {
    return load(() -> loader().load(archive, platform));
  }

  @Override
  public LoadResult load(Path archiveOrLayout, Optional<Platform> platform) throws IOException {
    if (Files.isDirectory(archiveOrLayout)) {
      return load(() -> loader().loadLayout(archiveOrLayout, platform));
    }
    try (InputStream archive = Files.newInputStream(archiveOrLayout)) {
      return load(archive, platform);
    }
  }

  private ArchiveLoader loader() {
    return new ArchiveLoader(content, options.limits());
  }

  private LoadResult load(Work<List<LoadedTarget>> loading) throws IOException {
    return adding(
        () -> {
          List<LoadedTarget> loaded = loading.run();
          List<Reference> artifacts = new ArrayList<>();
          for (LoadedTarget each : loaded) {
            StoredTarget target = TargetReader.read(each.target(), content, layers);
            unpackForHost(target);
            if (target.images().isEmpty()) {
              artifacts.addAll(namesOfArtifact(each));
            }
          }
          books.add(loaded);
          List<Image> images = new ArrayList<>();
          for (LoadedTarget each : loaded) {
            images.addAll(books.imagesOf(each.target().digest(), each.names()));
          }
          return new LoadResult(images, artifacts);
        });
  }

  /** An artifact has no id of an image: without a name nobody could use or remove it. */
  private static List<Reference> namesOfArtifact(LoadedTarget artifact) throws ImageException {
    if (artifact.names().isEmpty()) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "not supported: %s (%s) holds no image that could be run, and the archive gives it no name"
              .formatted(artifact.target().digest(), artifact.target().mediaType()));
    }
    return artifact.names();
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  /** Runs what adds to the store; if it fails, what it has added goes again. */
  private <T> T adding(Work<T> work) throws IOException {
    try (Books.Use _ = books.use()) {
      try {
        return work.run();
      } catch (IOException | RuntimeException | Error e) {
        books.sweepAfterUse();
        throw e;
      }
    } finally {
      layers.emptyTrashLater();
    }
  }

  /** Unpacks what will most likely be run; that also checks what the archive says of it. */
  private void unpackForHost(StoredTarget target) throws IOException {
    List<Image> images = target.images();
    Optional<Image> likely = Catalog.best(Platform.host().runnable(), images);
    if (images.isEmpty()) {
      return;
    }
    Image image = likely.orElse(images.getFirst());
    if (likely.isPresent() || images.size() == 1) {
      List<Path> _ =
          layers.ensure(sources(image, target.manifests().get(image.manifest().digest())));
    }
  }

  @Override
  public void save(List<String> namesOrIds, Optional<Platform> platform, OutputStream archive)
      throws IOException {
    try (Books.Use _ = books.use()) {
      List<ArchiveSaver.Item> items = new ArrayList<>();
      for (String nameOrId : namesOrIds) {
        items.add(item(nameOrId, platform));
      }
      new ArchiveSaver(content).save(items, archive);
    }
  }

  private ArchiveSaver.Item item(String nameOrId, Optional<Platform> platform)
      throws ImageException {
    Catalog.Found found = find(nameOrId);
    if (found.images().isEmpty() && platform.isEmpty()) {
      return new ArchiveSaver.Item(
          found.target().target(),
          found.reference().stream().toList(),
          Optional.empty(),
          found.target().blobs(),
          Optional.empty());
    }
    Image image = Catalog.choose(nameOrId, found.images(), platform);
    Manifest manifest = found.target().manifests().get(image.manifest().digest());
    boolean whole = platform.isEmpty() && found.reference().isPresent();
    Descriptor target = whole ? found.target().target() : image.manifest();
    Set<Digest> blobs = new LinkedHashSet<>(List.of(target.digest(), manifest.config().digest()));
    manifest.layers().forEach(layer -> blobs.add(layer.digest()));
    return new ArchiveSaver.Item(
        target,
        found.reference().stream().toList(),
        Optional.empty(),
        whole ? found.target().blobs() : blobs,
        Optional.of(manifest));
  }

  @Override
  public PullResult pull(
      Reference reference,
      RemoteRepository repository,
      PullOptions pullOptions,
      TransferListener listener)
      throws IOException {
    Reference name = stored(reference.orLatest());
    String wanted = name.digest().map(Digest::toString).orElseGet(() -> name.tag().orElseThrow());
    Optional<PullResult> here = here(name, repository, wanted, pullOptions);
    if (here.isPresent()) {
      listener.on(new TransferEvent.Resolved(name.familiar(), here.get().target()));
      return here.get();
    }
    RemoteManifest root = repository.manifest(wanted);
    Descriptor target = root.descriptor();
    listener.on(new TransferEvent.Resolved(name.familiar(), target));
    return adding(
        () -> {
          new Puller(content, layers, downloads, repository, pullOptions, listener)
              .pull(name.toString(), root);
          books.add(List.of(new LoadedTarget(target, List.of(name))));
          content.pending().forget(name.toString());
          listener.on(new TransferEvent.Finished(name.familiar(), target.digest()));
          return new PullResult(name, target, chosen(name, pullOptions), true);
        });
  }

  /** As Docker: what is pulled by a digest is known by that alone. */
  private static Reference stored(Reference reference) {
    return reference.digest().map(reference::withDigest).orElse(reference);
  }

  /** Asks first whether the name still means what is here; of one that is not, all is needed. */
  private Optional<PullResult> here(
      Reference name, RemoteRepository repository, String wanted, PullOptions pullOptions)
      throws IOException {
    Optional<StoredTarget> known = books.catalog().target(name);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Optional<Descriptor> remote = repository.find(wanted);
    boolean same =
        remote.isPresent() && known.get().target().digest().equals(remote.get().digest());
    if (!same) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PullResult(name, known.get().target(), chosen(name, pullOptions), false));
    } catch (ImageException otherPlatform) {
      return Optional.empty();
    }
  }

  private Optional<Image> chosen(Reference name, PullOptions pullOptions) throws ImageException {
    Catalog.Found found = find(name.toString());
    return found.images().isEmpty()
        ? Optional.empty()
        : Optional.of(Catalog.choose(name.familiar(), found.images(), pullOptions.platform()));
  }

  @Override
  public Image importRootfs(InputStream archive, ImportOptions importOptions) throws IOException {
    try (Books.Use _ = books.use()) {
      Descriptor manifest = new RootfsImport(content, layers).run(archive, importOptions);
      List<Reference> names = importOptions.reference().stream().map(Reference::orLatest).toList();
      books.add(List.of(new LoadedTarget(manifest, names)));
      return books.imagesOf(manifest.digest(), names).getFirst();
    }
  }

  @Override
  public void tag(String nameOrId, Reference reference) throws IOException {
    Catalog.Found found = find(nameOrId);
    if (found.reference().isEmpty()) {
      tag(targetOf(found.images().getFirst()).target(), reference);
    } else {
      tag(found.target().target(), reference);
    }
  }

  @Override
  public Image commit(Image base, LayerWriter layer, CommitOptions commitOptions)
      throws IOException {
    return adding(
        () -> {
          Descriptor manifest =
              new Commit(content).run(base, manifestOf(base), layer, commitOptions);
          StoredTarget target = TargetReader.read(manifest, content, layers);
          unpackForHost(target);
          List<Reference> names =
              commitOptions.reference().stream().map(Reference::orLatest).toList();
          books.add(List.of(new LoadedTarget(manifest, names)));
          return books.imagesOf(manifest.digest(), names).getFirst();
        });
  }

  private void tag(Descriptor target, Reference reference) throws IOException {
    if (reference.digest().isPresent()) {
      throw new ImageException(
          Kind.INVALID_REQUEST,
          "cannot tag \"%s\": a digest cannot be given, it follows from the image"
              .formatted(reference.familiar()));
    }
    try (Books.Use _ = books.use()) {
      books.add(List.of(new LoadedTarget(target, List.of(reference.orLatest()))));
    }
  }

  @Override
  public List<Removed> remove(String nameOrId, RemoveOptions removeOptions) throws IOException {
    Catalog.Found found =
        books
            .catalog()
            .find(nameOrId)
            .orElseThrow(
                () -> new ImageException(Kind.NOT_FOUND, "no such image: \"" + nameOrId + "\""));
    refuseSeveralNames(nameOrId, found);
    List<Removed> removed =
        found.reference().isPresent()
            ? books.removeReference(found.reference().get(), removeOptions)
            : books.removeImage(found.images().getFirst(), removeOptions);
    layers.emptyTrashLater();
    return removed;
  }

  /** An artifact goes with its last name; which of several an id means nobody can tell. */
  private void refuseSeveralNames(String nameOrId, Catalog.Found found) throws ImageException {
    if (!found.images().isEmpty() || isName(nameOrId, found)) {
      return;
    }
    List<Reference> names = books.catalog().namesOf(found.target());
    if (names.size() > 1) {
      throw new ImageException(
          Kind.CONFLICT,
          "several names point at it (remove those: %s)"
              .formatted(
                  names.stream().map(Reference::familiar).collect(Collectors.joining(", "))));
    }
  }

  private static boolean isName(String nameOrId, Catalog.Found found) {
    try {
      return found.reference().equals(Optional.of(Reference.parse(nameOrId).orLatest()));
    } catch (IllegalArgumentException anId) {
      return false;
    }
  }

  @Override
  public List<Removed> prune(Predicate<Digest> inUse) throws IOException {
    List<Removed> removed = books.prune(inUse);
    if (downloads.isIdle()) {
      content.pending().forgetAll();
      books.sweep();
    }
    layers.emptyTrashLater();
    return removed;
  }

  @Override
  public StoreUse use(Predicate<Digest> inUse) throws IOException {
    Set<Digest> needed = new HashSet<>();
    for (StoredTarget target : books.catalog().targets().values()) {
      List<Image> used = target.images().stream().filter(image -> inUse.test(image.id())).toList();
      if (!used.isEmpty()) {
        needed.addAll(target.blobs());
        used.forEach(image -> needed.addAll(image.chainIds()));
      }
    }
    long all = content.arrivingBytes();
    long kept = 0;
    for (Digest blob : content.list()) {
      long bytes = content.size(blob).orElse(0L);
      all += bytes;
      kept += needed.contains(blob) ? bytes : 0;
    }
    for (Digest layer : layers.list()) {
      long bytes = layers.sizeBytes(layer).orElse(0L);
      all += bytes;
      kept += needed.contains(layer) ? bytes : 0;
    }
    return new StoreUse(all, kept);
  }

  @Override
  public List<HistoryStep> history(Image image) throws ImageException {
    return History.of(image, manifestOf(image), layers);
  }

  @Override
  public List<Artifact> artifacts() throws IOException {
    try (Books.Use _ = books.use()) {
      Catalog catalog = books.catalog();
      List<Artifact> all = new ArrayList<>();
      for (StoredTarget artifact : catalog.artifacts()) {
        all.add(ArtifactReader.read(artifact, catalog.namesOf(artifact), content));
      }
      return List.copyOf(all);
    }
  }

  @Override
  public Optional<Artifact> artifact(String nameOrId) throws IOException {
    try (Books.Use _ = books.use()) {
      Catalog catalog = books.catalog();
      Optional<Catalog.Found> found = catalog.find(nameOrId);
      if (found.isEmpty() || !found.get().images().isEmpty()) {
        return Optional.empty();
      }
      StoredTarget target = found.get().target();
      return Optional.of(ArtifactReader.read(target, catalog.namesOf(target), content));
    }
  }

  @Override
  public List<ImageLayer> layersOf(Image image) throws ImageException {
    List<Descriptor> archives = manifestOf(image).layers();
    List<ImageLayer> all = new ArrayList<>();
    for (int i = 0; i < image.chainIds().size(); i++) {
      Digest chainId = image.chainIds().get(i);
      all.add(new ImageLayer(chainId, layers.sizeBytes(chainId).orElse(archives.get(i).size())));
    }
    return List.copyOf(all);
  }

  @Override
  public List<Variant> variants(String nameOrId) throws IOException {
    try (Books.Use _ = books.use()) {
      Catalog.Found found = find(nameOrId);
      List<Variant> all = Variants.of(found.target(), found.images(), content);
      boolean whole =
          found.reference().isPresent() && found.images().size() == found.target().images().size();
      return whole ? all : all.stream().filter(each -> each.image().isPresent()).toList();
    }
  }

  /**
   * Checks all that is here, and repairs it when repositories are given.
   *
   * @param repositories opens the repository of a name, for what must be fetched again; empty to
   *     change nothing
   * @param layerInUse whether a running container uses an unpacked layer
   */
  public CheckReport check(Optional<RepositoryOf> repositories, Predicate<Digest> layerInUse)
      throws IOException {
    try (Books.Use _ = books.use()) {
      Optional<StoreCheck.Fetcher> fetcher =
          repositories.map(opener -> (name, blob) -> fetch(opener.open(name), blob));
      return new StoreCheck(books, content, layers, fetcher, layerInUse).run();
    } finally {
      layers.emptyTrashLater();
    }
  }

  /** Opens the repository of a name. */
  @FunctionalInterface
  public interface RepositoryOf {
    /** Opens it. */
    RemoteRepository open(Reference name) throws IOException;
  }

  private void fetch(RemoteRepository repository, Descriptor blob) throws IOException {
    if (MediaTypes.isManifest(blob.mediaType()) || MediaTypes.isIndex(blob.mediaType())) {
      RemoteManifest manifest = repository.manifest(blob.digest().toString());
      content.put(blob.digest(), manifest.bytes());
    } else {
      downloads.fetch(blob, repository);
    }
    content.sync(Set.of(blob.digest()));
  }

  /** Begins to read or add blobs as they are. */
  public StoreSession session() {
    return new StoreSession(books, content, this::find);
  }

  /** Removes what nothing refers to and what was taken away before, and returns when it is done. */
  public void sweep() throws IOException {
    books.sweep();
    layers.emptyTrash();
  }

  @Override
  public void close() {
    downloads.close();
    layers.close();
  }
}

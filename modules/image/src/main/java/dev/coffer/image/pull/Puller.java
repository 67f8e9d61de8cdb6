package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.layer.ChainId;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings all that a name stands for into the store. References are the caller's: what this leaves
 * behind when it fails is known as a pending pull, and taken up by the next for the same name.
 *
 * <p>The manifests come first and are few. Of each image then the config, and its layers side by
 * side, unpacked while they arrive.
 */
public final class Puller {
  private static final int MAX_CONFIG = 8 << 20;

  /** One for damage, the others for pulls that were joined and given up. */
  private static final int MAX_ATTEMPTS = 5;

  private final ContentStore content;
  private final LayerStore layers;
  private final Downloads downloads;
  private final RemoteRepository repository;
  private final PullOptions options;
  private final TransferListener listener;

  /** Pulls from this repository. */
  public Puller(
      ContentStore content,
      LayerStore layers,
      Downloads downloads,
      RemoteRepository repository,
      PullOptions options,
      TransferListener listener) {
    this.content = content;
    this.layers = layers;
    this.downloads = downloads;
    this.repository = repository;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Pulls.
   *
   * @param pullName what the pull is called while it is unfinished
   * @param root the manifest or index that is wanted
   * @throws ImageException when it cannot be had, or is not what it should be
   */
  public void pull(String pullName, RemoteManifest root) throws IOException {
    try {
      Resolution resolution = Resolution.of(repository, root, options);
      note(pullName, resolution, Set.of());
      for (RemoteManifest index : resolution.indexes()) {
        put(index);
      }
      for (Resolution.Chosen chosen : resolution.chosen()) {
        pull(pullName, resolution, chosen);
      }
    } catch (InterruptedException e) {
      throw Failures.interrupted(e);
    }
  }

  private void put(RemoteManifest document) throws IOException {
    Digest digest = document.descriptor().digest();
    content.put(digest, document.bytes());
  }

  private void note(String pullName, Resolution resolution, Set<Digest> chainIds)
      throws IOException {
    Set<Digest> blobs = new HashSet<>();
    resolution.indexes().forEach(index -> blobs.add(index.descriptor().digest()));
    for (Resolution.Chosen chosen : resolution.chosen()) {
      blobs.add(chosen.document().descriptor().digest());
      blobs.add(chosen.manifest().config().digest());
      chosen.manifest().layers().forEach(layer -> blobs.add(layer.digest()));
    }
    content.pending().note(pullName, blobs, chainIds);
  }

  private void pull(String pullName, Resolution resolution, Resolution.Chosen chosen)
      throws IOException, InterruptedException {
    Manifest manifest = chosen.manifest();
    put(chosen.document());
    if (!isImage(manifest)) {
      List<Descriptor> all = new ArrayList<>(List.of(manifest.config()));
      all.addAll(manifest.layers());
      fetch(all);
      return;
    }
    ImageConfig config = config(manifest);
    requirePlatform(config);
    List<Digest> chain = ChainId.of(config.diffIds());
    note(pullName, resolution, Set.copyOf(chain));
    int attempt = 1;
    while (!fetchLayers(manifest, config, attempt == MAX_ATTEMPTS)) {
      attempt++;
    }
  }

  private static boolean isImage(Manifest manifest) {
    return MediaTypes.isImageConfig(manifest.config().mediaType())
        && manifest.layers().stream().allMatch(layer -> MediaTypes.isLayer(layer.mediaType()));
  }

  private ImageConfig config(Manifest manifest) throws IOException, InterruptedException {
    Descriptor descriptor = manifest.config();
    if (descriptor.size() > MAX_CONFIG) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED,
          "\"%s\" exceeds its limits: a config of %d bytes"
              .formatted(repository.name(), descriptor.size()));
    }
    downloads.fetch(descriptor, repository);
    byte[] json = content.read(descriptor.digest(), MAX_CONFIG);
    try {
      ImageConfig config =
          ImageConfig.read(JsonCursor.read(descriptor.digest().toString(), json, Limits.CONFIG));
      if (config.diffIds().size() != manifest.layers().size()) {
        throw malformed(
            "manifest has %d layers, its config %s %d"
                .formatted(manifest.layers().size(), descriptor.digest(), config.diffIds().size()));
      }
      return config;
    } catch (SpecException e) {
      throw malformed(e.getMessage());
    }
  }

  private ImageException malformed(String cause) {
    return new ImageException(
        Kind.MALFORMED, "malformed image \"%s\": %s".formatted(repository.name(), cause));
  }

  /** One image alone, without an index, may be for another machine; then that is what there is. */
  private void requirePlatform(ImageConfig config) throws ImageException {
    Optional<Platform> asked = options.platform();
    if (asked.isPresent() && !asked.get().matches(config.platform())) {
      throw new ImageException(
          Kind.NO_SUCH_PLATFORM,
          "\"%s\" has no image for platform %s: it has %s"
              .formatted(repository.name(), asked.get(), config.platform()));
    }
    if (Platform.host().runnable().stream().noneMatch(each -> each.matches(config.platform()))) {
      listener.on(
          new TransferEvent.Warning(
              "the image is for platform %s, and this machine is %s"
                  .formatted(config.platform(), Platform.host())));
    }
  }

  private void fetch(List<Descriptor> blobs) throws IOException, InterruptedException {
    try (Arrivals arrivals = new Arrivals(blobs, repository, downloads, content, listener)) {
      arrivals.awaitAll();
    }
  }

  private static boolean isWrong(Arrivals arrivals) throws InterruptedException {
    try {
      arrivals.awaitAll();
      return false;
    } catch (IOException wrong) {
      return true;
    }
  }

  /**
   * Fetches and unpacks the layers of one image.
   *
   * @return whether they are there; if not, another attempt is worth it
   */
  private boolean fetchLayers(Manifest manifest, ImageConfig config, boolean last)
      throws IOException, InterruptedException {
    List<LayerStore.Source> stack = new ArrayList<>();
    for (int i = 0; i < manifest.layers().size(); i++) {
      stack.add(new LayerStore.Source(manifest.layers().get(i).digest(), config.diffIds().get(i)));
    }
    try (Arrivals arrivals =
        new Arrivals(manifest.layers(), repository, downloads, content, listener)) {
      try {
        layers.ensureArriving(stack, arrivals::open);
        arrivals.awaitAll();
      } catch (ImageException e) {
        // What cannot be unpacked may not be what was to be sent; their digests tell.
        boolean wrong = isWrong(arrivals);
        if (!last && wrong && arrivals.isWorthAnother(e)) {
          return false;
        }
        throw named(arrivals.cause(e));
      } catch (IOException e) {
        if (!last && !Thread.currentThread().isInterrupted() && arrivals.isWorthAnother(e)) {
          return false;
        }
        throw named(arrivals.cause(e));
      }
    }
    manifest.layers().forEach(layer -> listener.on(new TransferEvent.Complete(layer)));
    return true;
  }

  /** What unpacking says of a layer does not say whose it is. */
  private IOException named(IOException e) {
    return e instanceof ImageException image && !image.getMessage().contains(repository.name())
        ? new ImageException(
            image.kind(),
            "cannot use image \"%s\": %s".formatted(repository.name(), image.getMessage()),
            image)
        : e;
  }
}

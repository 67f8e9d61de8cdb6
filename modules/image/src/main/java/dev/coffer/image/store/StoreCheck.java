package dev.coffer.image.store;

import dev.coffer.image.CheckReport;
import dev.coffer.image.Finding;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks at all that a store has: the bytes of each blob against its digest, each name to its last
 * blob, each unpacked layer against its archive. While it runs nothing is swept.
 *
 * <p>A damaged blob is fetched again from where one of its names says, a damaged layer is unpacked
 * again. For use by one thread, once.
 */
final class StoreCheck {

  /** Fetches a blob again from the registry of a name; it is gone from the store by then. */
  @FunctionalInterface
  interface Fetcher {
    void fetch(Reference name, Descriptor blob) throws IOException;
  }

  private final Books books;
  private final ContentStore content;
  private final LayerStore layers;
  private final Optional<Fetcher> fetcher;
  private final Predicate<Digest> layerInUse;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Digest> unsound = new HashSet<>();
  private Map<Digest, Descriptor> descriptors;

  /**
   * @param fetcher when damage is to be repaired
   * @param layerInUse whether a running container uses an unpacked layer, which then stays
   */
  StoreCheck(
      Books books,
      ContentStore content,
      LayerStore layers,
      Optional<Fetcher> fetcher,
      Predicate<Digest> layerInUse) {
    this.books = books;
    this.content = content;
    this.layers = layers;
    this.fetcher = fetcher;
    this.layerInUse = layerInUse;
  }

  CheckReport run() throws IOException {
    Set<Digest> blobs = content.list();
    for (Digest blob : blobs) {
      checkBlob(blob);
    }
    List<ReferenceRecord> records = books.onDisk();
    for (ReferenceRecord record : records) {
      checkRecord(record);
    }
    Map<Digest, Digest> archives = archives();
    int compared = 0;
    for (Digest chainId : layers.list()) {
      Digest archive = archives.get(chainId);
      if (archive != null && !unsound.contains(archive) && content.has(archive)) {
        checkLayer(chainId, archive);
        compared++;
      }
    }
    return new CheckReport(blobs.size(), records.size(), compared, findings);
  }

  private void checkBlob(Digest blob) throws IOException {
    if (content.isSound(blob)) {
      return;
    }
    unsound.add(blob);
    restore("blob " + blob, "its bytes have changed", blob);
  }

  private void restore(String object, String problem, Digest blob) {
    if (fetcher.isEmpty()) {
      findings.add(new Finding(object, problem, "use --repair to fetch it again", false));
      return;
    }
    Optional<Descriptor> descriptor = Optional.ofNullable(descriptors().get(blob));
    String why = "no name says where it can be had";
    for (Reference name : books.catalog().namesOf(blob)) {
      try {
        content.delete(blob);
        fetcher.get().fetch(name, descriptor.orElse(Descriptor.of("", blob, 0)));
        unsound.remove(blob);
        findings.add(new Finding(object, problem, "fetched again as of " + name.familiar(), true));
        return;
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
    }
    findings.add(new Finding(object, problem, "cannot be fetched again: " + why, false));
  }

  private void checkRecord(ReferenceRecord record) throws IOException {
    String object =
        record
            .reference()
            .map(name -> "image " + name.familiar())
            .orElse("image " + record.target().digest());
    StoredTarget known = books.catalog().targets().get(record.target().digest());
    boolean whole = true;
    for (Digest blob : known == null ? Set.<Digest>of() : known.blobs()) {
      if (!content.has(blob)) {
        restore(object, "blob " + blob + " is missing", blob);
        whole &= content.has(blob);
      }
    }
    if (!whole) {
      return;
    }
    try {
      var ignored = TargetReader.read(record.target(), content, layers);
    } catch (ImageException e) {
      findings.add(new Finding(object, e.getMessage(), "pull it again, or remove it", false));
    }
  }

  /** The descriptors of all blobs that some manifest names. */
  private Map<Digest, Descriptor> descriptors() {
    if (descriptors != null) {
      return descriptors;
    }
    descriptors = new HashMap<>();
    for (StoredTarget target : books.catalog().targets().values()) {
      descriptors.put(target.target().digest(), target.target());
      for (Manifest manifest : target.manifests().values()) {
        descriptors.put(manifest.config().digest(), manifest.config());
        manifest.layers().forEach(layer -> descriptors.put(layer.digest(), layer));
      }
      target
          .images()
          .forEach(image -> descriptors.put(image.manifest().digest(), image.manifest()));
    }
    return descriptors;
  }

  /** The archive of each unpacked layer, by its chain id. */
  private Map<Digest, Digest> archives() {
    Map<Digest, Digest> archives = new LinkedHashMap<>();
    for (StoredTarget target : books.catalog().targets().values()) {
      for (Image image : target.images()) {
        List<Descriptor> stack = target.manifests().get(image.manifest().digest()).layers();
        for (int i = 0; i < stack.size(); i++) {
          archives.put(image.chainIds().get(i), stack.get(i).digest());
        }
      }
    }
    return archives;
  }

  private void checkLayer(Digest chainId, Digest archive) throws IOException {
    Optional<String> difference;
    try {
      difference = layers.compare(chainId, archive);
    } catch (ImageException e) {
      difference = Optional.of("its archive cannot be read: " + e.getMessage());
    }
    if (difference.isEmpty()) {
      return;
    }
    String object = "layer " + chainId;
    if (fetcher.isEmpty()) {
      findings.add(new Finding(object, difference.get(), "use --repair to unpack it again", false));
    } else if (layerInUse.test(chainId)) {
      findings.add(
          new Finding(
              object, difference.get(), "a running container uses it: stop that first", false));
    } else {
      unpackAgain(object, difference.get(), chainId);
    }
  }

  private void unpackAgain(String object, String problem, Digest chainId) throws IOException {
    for (StoredTarget target : books.catalog().targets().values()) {
      for (Image image : target.images()) {
        int index = image.chainIds().indexOf(chainId);
        if (index >= 0) {
          List<LayerStore.Source> stack = new ArrayList<>();
          List<Descriptor> blobs = target.manifests().get(image.manifest().digest()).layers();
          for (int i = 0; i <= index; i++) {
            stack.add(
                new LayerStore.Source(blobs.get(i).digest(), image.config().diffIds().get(i)));
          }
          layers.delete(chainId);
          layers.ensureArriving(stack, content::open);
          findings.add(new Finding(object, problem, "unpacked again", true));
          return;
        }
      }
    }
  }
}

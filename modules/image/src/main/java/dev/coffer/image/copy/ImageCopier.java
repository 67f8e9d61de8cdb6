package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.JsonArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Copies what a source has to a destination. */
public final class ImageCopier {
  private ImageCopier() {}

  /**
   * Copies.
   *
   * @throws ImageException what source and destination throw; CONFLICT when not all that was asked
   *     for is there; NO_SUCH_PLATFORM; INVALID_REQUEST when digests would change and must not
   */
  public static CopyResult copy(
      ImageSource source,
      ImageDestination destination,
      CopyOptions options,
      TransferListener listener)
      throws IOException {
    Selector.Selected selected = new Selector(source, destination).select(options.selection());
    ManifestTree tree = selected.tree();
    List<RawManifest> manifests = Conversion.of(tree, options.format());
    RawManifest target = manifests.getLast();
    if (options.preserveDigests() && !target.digest().equals(tree.self().digest())) {
      throw new ImageException(
          Kind.INVALID_REQUEST,
          "cannot copy %s as %s: its digest would change from %s to %s (leave out --preserve-digests or --format)"
              .formatted(
                  source.name(),
                  options.format().map(ManifestFormat::word).orElse("it is"),
                  tree.self().digest(),
                  target.digest()));
    }
    listener.on(new TransferEvent.Resolved(source.name(), tree.self().descriptor()));
    BlobCopies.run(blobs(tree, destination, options, listener), source, destination, listener);
    Map<Object, RawManifest> children = new LinkedHashMap<>();
    manifests.forEach(each -> children.putIfAbsent(each.digest(), each));
    children.remove(target.digest());
    for (RawManifest child : children.values()) {
      destination.put(child);
    }
    destination.finish(target);
    listener.on(new TransferEvent.Finished(destination.name(), target.digest()));
    return new CopyResult(target.descriptor(), selected.partOf());
  }

  private static List<Descriptor> blobs(
      ManifestTree tree,
      ImageDestination destination,
      CopyOptions options,
      TransferListener listener)
      throws ImageException {
    boolean leaveForeign = !options.foreignLayers() && destination.toleratesForeignLayers();
    List<Descriptor> blobs = new ArrayList<>();
    for (Descriptor blob : tree.blobs().values()) {
      if (leaveForeign && isElsewhere(blob)) {
        listener.on(new TransferEvent.LeftOut(blob));
      } else {
        blobs.add(blob);
      }
    }
    return blobs;
  }

  private static boolean isElsewhere(Descriptor blob) {
    Optional<JsonArray> urls =
        blob.unknown().get("urls").map(value -> value instanceof JsonArray a ? a : null);
    return MediaTypes.isForeignLayer(blob.mediaType())
        && urls.isPresent()
        && !urls.get().elements().isEmpty();
  }
}

package dev.coffer.image;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Reference;
import java.util.List;

/**
 * An image in the store, for one platform, ready to be used without reading a file.
 *
 * @param id the digest of its config, as Docker counts images
 * @param references the names that point at it, sorted; empty for a dangling image
 * @param config its config
 * @param manifest its manifest
 * @param chainIds what names each unpacked layer together with those below it, lowest layer first
 *     (OCI image-spec config.md, "Layer ChainID")
 * @param sizeBytes bytes of the regular files in its layers, which is what Docker shows as its
 *     size; where a layer is not unpacked yet, the size of its archive
 */
public record Image(
    Digest id,
    List<Reference> references,
    ImageConfig config,
    Descriptor manifest,
    List<Digest> chainIds,
    long sizeBytes) {
  public Image {
    references = List.copyOf(references);
    chainIds = List.copyOf(chainIds);
  }
}

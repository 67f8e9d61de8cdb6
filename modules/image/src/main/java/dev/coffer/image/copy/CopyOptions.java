package dev.coffer.image.copy;

import java.util.Optional;

/**
 * How to copy.
 *
 * @param selection what of an index
 * @param format the format that manifests shall have; when empty, that which they have
 * @param preserveDigests whether to refuse a copy whose target would have another digest
 * @param foreignLayers whether layers that their licence keeps elsewhere are sent, too
 */
public record CopyOptions(
    Selection selection,
    Optional<ManifestFormat> format,
    boolean preserveDigests,
    boolean foreignLayers) {

  /** All that there is, byte for byte. */
  public static final CopyOptions ALL =
      new CopyOptions(new Selection.All(), Optional.empty(), true, false);

  /** The same for something else of an index. */
  public CopyOptions withSelection(Selection other) {
    return new CopyOptions(other, format, preserveDigests, foreignLayers);
  }
}

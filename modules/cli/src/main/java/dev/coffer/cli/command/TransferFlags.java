package dev.coffer.cli.command;

import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.image.copy.ManifestFormat;
import java.util.Optional;

/** Options of the commands that write manifests elsewhere. */
final class TransferFlags {

  static final Option<Optional<ManifestFormat>> FORMAT =
      Option.of(
          "format",
          'f',
          Type.last("string", ManifestFormat::parse),
          "Write manifests as oci or v2s2 (default: as they are)");

  private TransferFlags() {}

  /**
   * A file for the digest.
   *
   * @param whose whose digest it is, for the description
   */
  static Option<Optional<String>> digestFile(String whose) {
    return Option.of("digestfile", Type.text(), "Write the digest of " + whose + " to a file");
  }
}

package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An entry of an OCI image layout in a directory. Source: OCI image-spec image-layout.md. */
public final class LayoutSource extends FileSource {
  static final String NAME = "org.opencontainers.image.ref.name";

  private final Optional<String> tag;

  /**
   * Opens a layout.
   *
   * @param shown its name for messages
   * @param tag the entry's name; when empty, the only entry is meant
   */
  public LayoutSource(String shown, Path layout, Optional<String> tag) throws IOException {
    super(shown, layout);
    this.tag = tag;
  }

  @Override
  public RawManifest target() throws IOException {
    byte[] json = read("index.json").orElseThrow(() -> malformed("index.json is missing"));
    List<Descriptor> entries;
    try {
      entries = Index.read(JsonCursor.read("index.json", json, Limits.CONFIG)).manifests();
    } catch (SpecException e) {
      throw malformed(e.getMessage());
    }
    Descriptor entry = choose(entries).withAnnotations(Map.of());
    return manifest(entry).orElseThrow(() -> missing(entry.digest()));
  }

  private Descriptor choose(List<Descriptor> entries) throws ImageException {
    List<Descriptor> named =
        tag.isEmpty()
            ? entries
            : entries.stream()
                .filter(entry -> tag.get().equals(entry.annotations().get(NAME)))
                .toList();
    if (named.size() == 1) {
      return named.getFirst();
    }
    String has =
        entries.stream()
            .map(entry -> entry.annotations().getOrDefault(NAME, "(no name)"))
            .collect(Collectors.joining(", "));
    throw new ImageException(
        named.isEmpty() ? Kind.NOT_FOUND : Kind.AMBIGUOUS,
        "cannot choose an image of %s: it has %s".formatted(name(), has.isEmpty() ? "none" : has));
  }

  @Override
  String blobPath(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }

  @Override
  String manifestPath(Digest digest) {
    return blobPath(digest);
  }

  @Override
  ImageException missing(Digest blob) {
    return malformed("blob " + blob + " is missing");
  }

  private ImageException malformed(String cause) {
    return new ImageException(
        Kind.MALFORMED, "malformed image layout %s: %s".formatted(name(), cause));
  }
}

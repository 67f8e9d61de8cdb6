package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.archive.DirectoryReader;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An entry of an OCI image layout in a directory. Source: OCI image-spec image-layout.md. */
public final class LayoutSource implements ImageSource {
  static final String NAME = "org.opencontainers.image.ref.name";

  private final String shown;
  private final Optional<String> tag;
  private final DirectoryReader directory;

  /**
   * Opens a layout.
   *
   * @param shown its name for messages
   * @param tag the entry's name; when empty, the only entry is meant
   */
  public LayoutSource(String shown, Path layout, Optional<String> tag) throws IOException {
    this.shown = shown;
    this.tag = tag;
    this.directory = new DirectoryReader(layout);
  }

  @Override
  public String name() {
    return shown;
  }

  @Override
  public RawManifest target() throws IOException {
    byte[] json =
        directory
            .read("index.json", RawManifest.MAX_BYTES)
            .orElseThrow(() -> malformed("index.json is missing"));
    List<Descriptor> entries;
    try {
      entries = Index.read(JsonCursor.read("index.json", json, Limits.CONFIG)).manifests();
    } catch (SpecException e) {
      throw malformed(e.getMessage());
    }
    Descriptor entry = choose(entries).withAnnotations(Map.of());
    return manifest(entry).orElseThrow(() -> malformed("blob " + entry.digest() + " is missing"));
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
        "cannot choose an image of %s: it has %s".formatted(shown, has.isEmpty() ? "none" : has));
  }

  @Override
  public Optional<RawManifest> manifest(Descriptor child) throws IOException {
    Optional<byte[]> bytes = directory.read(path(child.digest()), RawManifest.MAX_BYTES);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(RawManifest.of(shown, child, bytes.get()));
  }

  @Override
  public InputStream blob(Descriptor blob, long offset) throws IOException {
    InputStream in =
        directory
            .open(path(blob.digest()))
            .orElseThrow(() -> malformed("blob " + blob.digest() + " is missing"));
    in.skipNBytes(offset);
    return in;
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }

  private ImageException malformed(String cause) {
    return new ImageException(
        Kind.MALFORMED, "malformed image layout %s: %s".formatted(shown, cause));
  }

  @Override
  public boolean isVerified() {
    return false;
  }

  @Override
  public List<Reference> origins(Digest blob) {
    return List.of();
  }

  @Override
  public void close() {
    directory.close();
  }
}

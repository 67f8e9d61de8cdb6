package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An entry of an OCI image layout in a directory, which is made when it is missing; what it has
 * stays. Source: OCI image-spec image-layout.md.
 */
public final class LayoutDestination extends ContentDestination {
  private static final String MARK = "oci-layout";
  private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private final Path layout;
  private final Optional<String> tag;
  private final Path arriving;
  private final ContentStore store;

  /**
   * Opens or makes a layout.
   *
   * @param shown its name for messages
   * @param tag the entry's name, if it shall have one
   * @throws ImageException INVALID_REQUEST when the directory holds something else
   */
  public LayoutDestination(String shown, Path layout, Optional<String> tag) throws IOException {
    this(shown, layout, tag, arriving(shown, layout));
  }

  private LayoutDestination(String shown, Path layout, Optional<String> tag, Path arriving)
      throws IOException {
    this(shown, layout, tag, arriving, ContentStore.open(layout.resolve("blobs"), arriving));
  }

  private LayoutDestination(
      String shown, Path layout, Optional<String> tag, Path arriving, ContentStore store)
      throws IOException {
    super(shown, store);
    this.layout = layout;
    this.tag = tag;
    this.arriving = arriving;
    this.store = store;
    // First: a copy that breaks can be repeated here.
    write(MARK, LAYOUT.getBytes(StandardCharsets.UTF_8));
  }

  private static Path arriving(String shown, Path layout) throws IOException {
    refuseOther(shown, layout, MARK);
    Files.createDirectories(layout);
    return layout.resolve(".arriving-" + UUID.randomUUID());
  }

  /** A directory with other things in it is not written over. */
  static void refuseOther(String shown, Path directory, String mark) throws IOException {
    if (!Files.exists(directory) || Files.exists(directory.resolve(mark))) {
      return;
    }
    try (var files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new ImageException(
            Kind.INVALID_REQUEST,
            "cannot write %s: the directory is not empty and has no file \"%s\""
                .formatted(shown, mark));
      }
    }
  }

  @Override
  public boolean toleratesForeignLayers() {
    return true;
  }

  @Override
  public void finish(RawManifest target) throws IOException {
    put(target);
    Index before = read();
    List<Descriptor> entries = new ArrayList<>();
    for (Descriptor entry : before.manifests()) {
      Optional<String> name = Optional.ofNullable(entry.annotations().get(LayoutSource.NAME));
      boolean replaced =
          tag.isPresent() ? name.equals(tag) : entry.digest().equals(target.digest());
      if (!replaced) {
        entries.add(entry);
      }
    }
    Map<String, String> annotations =
        tag.isPresent() ? Map.of(LayoutSource.NAME, tag.get()) : Map.of();
    entries.add(target.descriptor().withAnnotations(annotations));
    store.sync(Set.of(target.digest()));
    Index after = new Index(before.mediaType(), entries, before.annotations(), before.unknown());
    write("index.json", Json.bytes(after.write()));
  }

  private Index read() throws IOException {
    try {
      byte[] json = Files.readAllBytes(layout.resolve("index.json"));
      return Index.read(JsonCursor.read("index.json", json, Limits.CONFIG));
    } catch (NoSuchFileException e) {
      return Index.of(List.of());
    } catch (SpecException e) {
      throw new ImageException(
          Kind.MALFORMED, "malformed image layout %s: %s".formatted(name(), e.getMessage()), e);
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path written = Files.write(arriving.resolve(name), bytes);
    Files.move(written, layout.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    try (var left = Files.list(arriving)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(arriving);
  }
}

package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.archive.ArchiveSaver;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.Reference;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A file that is an OCI image layout and a docker-archive at once, as {@code save} writes it. Blobs
 * gather in the store's content, which has many of them already, until the file can be written in
 * its order.
 */
public final class ArchiveDestination extends ContentDestination {
  private static final int BUFFER = 256 << 10;

  private final Path file;
  private final StoreSession session;
  private final List<Reference> names;
  private final Optional<String> label;
  private final Set<Digest> blobs = new LinkedHashSet<>();

  /**
   * Writes an archive.
   *
   * @param shown its name for messages
   * @param names what the archive calls the image
   * @param label what the layout calls it instead, in its own words
   */
  public ArchiveDestination(
      StoreSession session,
      String shown,
      Path file,
      List<Reference> names,
      Optional<String> label) {
    super(shown, session.adding());
    this.session = session;
    this.file = file;
    this.names = List.copyOf(names);
    this.label = label;
  }

  @Override
  public Optional<Reuse> reuse(Descriptor blob, List<Reference> origins) throws IOException {
    Optional<Reuse> reuse = super.reuse(blob, origins);
    if (reuse.isPresent()) {
      add(blob.digest());
    }
    return reuse;
  }

  @Override
  public void put(Descriptor blob, BlobContent bytes) throws IOException {
    super.put(blob, bytes);
    add(blob.digest());
  }

  /** What readers of docker-archives shall see: they know no indexes and no artifacts. */
  private Optional<Manifest> image(RawManifest target) throws IOException {
    StoreSource source = new StoreSource(session, name(), target.descriptor());
    try {
      Selector.Selected chosen = new Selector(source, this).select(new Selection.ForHost());
      return chosen.tree().isImage()
          ? Optional.of(chosen.tree().self().manifest())
          : Optional.empty();
    } catch (ImageException e) {
      if (e.kind() == Kind.NO_SUCH_PLATFORM || e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void add(Digest blob) {
    synchronized (blobs) {
      blobs.add(blob);
    }
  }

  @Override
  public boolean hasManifest(Descriptor child) {
    return false;
  }

  @Override
  public void put(RawManifest child) throws IOException {
    super.put(child);
    add(child.digest());
  }

  @Override
  public void finish(RawManifest target) throws IOException {
    put(target);
    ArchiveSaver saver = new ArchiveSaver(session.content());
    ArchiveSaver.Item item =
        new ArchiveSaver.Item(target.descriptor(), names, label, blobs, image(target));
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
        saver.save(List.of(item), out);
      }
      return;
    }
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER)) {
        saver.save(List.of(item), out);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public void close() {}
}

package dev.coffer.image.archive;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.Ingest;
import dev.coffer.image.stream.PlainStream;
import dev.coffer.image.stream.ReadAhead;
import dev.coffer.image.tar.TarEntry;
import dev.coffer.image.tar.TarReader;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An archive that came as a tar stream. What says which files matter may come last, so all are
 * taken into the store's ingest, hashed on the way, and those that are not asked for vanish again.
 */
final class TarFiles implements ArchiveFiles {
  private static final int BUFFER = 256 * 1024;

  /** Old docker-archives say "the same layer as that one" by links to links. */
  private static final int MAX_LINKS = 8;

  private final ContentStore content;
  private final Map<String, Ingest> spooled = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private final Map<String, StoredBlob> stored = new HashMap<>();

  TarFiles(InputStream archive, ContentStore content, ArchiveLimits limits) throws IOException {
    this.content = content;
    try (PlainStream plain = PlainStream.open(archive, limits);
        ReadAhead ahead = new ReadAhead(plain)) {
      spool(new TarReader(ahead, limits));
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void spool(TarReader reader) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      String name = normal(entry.name());
      switch (entry.type()) {
        case REGULAR -> spool(name, reader, buffer);
        case SYMBOLIC_LINK -> links.put(name, normal(sibling(name, entry.link())));
        case HARD_LINK -> links.put(name, normal(entry.link()));
        case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {}
      }
    }
  }

  private void spool(String name, TarReader reader, byte[] buffer) throws IOException {
    Ingest ingest = content.ingest(Digest.Algorithm.SHA256);
    Ingest earlier = spooled.put(name, ingest);
    if (earlier != null) {
      earlier.close();
    }
    int count;
    while ((count = reader.read(buffer, 0, buffer.length)) >= 0) {
      ingest.write(buffer, 0, count);
    }
    Digest _ = ingest.complete();
  }

  private static String sibling(String name, String link) {
    return link.startsWith("/") ? link : name.substring(0, name.lastIndexOf('/') + 1) + link;
  }

  /** Names are only keys here: no file is made under them. */
  private static String normal(String name) {
    return Path.of("/").resolve(name.replace("\0", "")).normalize().toString().substring(1);
  }

  private Optional<String> resolve(String name) {
    String at = normal(name);
    for (int i = 0; i < MAX_LINKS; i++) {
      if (spooled.containsKey(at)) {
        return Optional.of(at);
      }
      at = links.getOrDefault(at, at);
    }
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    Optional<String> found = resolve(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Ingest ingest = spooled.get(found.get());
    if (ingest.size() > maxBytes) {
      throw tooLarge(name, maxBytes);
    }
    StoredBlob blob = stored.get(found.get());
    if (blob != null) {
      return Optional.of(content.read(blob.digest(), maxBytes));
    }
    try (InputStream in = ingest.open()) {
      return Optional.of(in.readAllBytes());
    }
  }

  @Override
  public Optional<StoredBlob> store(String name, Optional<Digest> expected) throws IOException {
    Optional<String> found = resolve(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    StoredBlob known = stored.get(found.get());
    if (known != null && known.digest().equals(expected.orElse(known.digest()))) {
      return Optional.of(known);
    }
    Ingest ingest = spooled.get(found.get());
    Digest wanted = expected.orElse(ingest.complete());
    StoredBlob blob = new StoredBlob(wanted, ingest.size());
    if (wanted.algorithm() == Digest.Algorithm.SHA256) {
      ingest.publish(wanted);
      stored.put(found.get(), blob);
    } else {
      storeUnderOtherAlgorithm(ingest, wanted);
    }
    return Optional.of(blob);
  }

  private void storeUnderOtherAlgorithm(Ingest spool, Digest wanted) throws IOException {
    try (InputStream in = spool.open();
        Ingest again = content.ingest(wanted.algorithm())) {
      in.transferTo(again);
      again.publish(wanted);
    }
  }

  static ImageException tooLarge(String name, int maxBytes) {
    return new ImageException(
        Kind.LIMIT_EXCEEDED,
        "archive exceeds its limits: \"%s\" is larger than %d bytes".formatted(name, maxBytes));
  }

  @Override
  public void close() throws IOException {
    for (Ingest ingest : spooled.values()) {
      ingest.close();
    }
  }
}

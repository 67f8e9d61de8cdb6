package dev.coffer.image.copy;

import dev.coffer.image.registry.BlobContent;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory for one image as {@link DirectorySource} reads it. */
public final class DirectoryDestination implements ImageDestination {
  private static final String VERSION = "version";
  private static final Pattern OF_AN_IMAGE =
      Pattern.compile("([0-9a-f]{64}|[0-9a-f]{128})(\\.manifest\\.json)?");

  private final String shown;
  private final Path directory;
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  /**
   * Opens or makes a directory; the image that it holds is replaced.
   *
   * @param shown its name for messages
   * @throws dev.coffer.image.ImageException INVALID_REQUEST when it holds something else
   */
  public DirectoryDestination(String shown, Path directory) throws IOException {
    this.shown = shown;
    this.directory = directory;
    LayoutDestination.refuseOther(shown, directory, VERSION);
    Files.createDirectories(directory);
    write(VERSION, "Directory Transport Version: 1.1\n".getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String name() {
    return shown;
  }

  @Override
  public boolean toleratesForeignLayers() {
    return false;
  }

  /** Nothing says that a file has the bytes of its name, so each is written again. */
  @Override
  public Optional<Reuse> reuse(Descriptor blob, List<Reference> origins) {
    return Optional.empty();
  }

  @Override
  public boolean verifies() {
    return false;
  }

  @Override
  public void put(Descriptor blob, BlobContent content) throws IOException {
    Path temporary = temporary();
    try {
      try (InputStream in = content.open(0)) {
        Files.copy(in, temporary);
      }
      move(temporary, blob.digest().hex());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private Path temporary() {
    return directory.resolve(".arriving-" + UUID.randomUUID());
  }

  @Override
  public boolean hasManifest(Descriptor child) {
    return false;
  }

  @Override
  public void put(RawManifest child) throws IOException {
    write(DirectorySource.childName(child.digest()), child.bytes());
  }

  @Override
  public void finish(RawManifest target) throws IOException {
    write(DirectorySource.MANIFEST, target.bytes());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (OF_AN_IMAGE.matcher(name).matches() && !written.contains(name)) {
          Files.delete(file);
        }
      }
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path temporary = temporary();
    try {
      Files.write(temporary, bytes);
      move(temporary, name);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void move(Path temporary, String name) throws IOException {
    Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    written.add(name);
  }

  @Override
  public void close() {}
}

package dev.coffer.image.registry.config;

import dev.coffer.image.ImageException;
import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** Files that people write: bounded, and missing ones are no error. */
public final class ConfigFile {
  private static final int MAX_BYTES = 1 << 20;

  private ConfigFile() {}

  /** What a reader makes of a file. */
  @FunctionalInterface
  interface Decoding<T> {
    T decode() throws IOException;
  }

  /**
   * The content of a regular file; empty when there is none.
   *
   * @throws ImageException INVALID_REQUEST when it is larger than 1 MiB; HOST when it cannot be
   *     read
   */
  public static Optional<byte[]> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ImageException(
            ImageException.Kind.INVALID_REQUEST,
            "cannot read \"%s\": larger than %d bytes".formatted(file, MAX_BYTES));
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (ImageException e) {
      throw e;
    } catch (IOException e) {
      throw new ImageException(
          ImageException.Kind.HOST, "cannot read \"%s\": %s".formatted(file, reason(e)), e);
    }
  }

  /** Decodes; what is wrong with a document is the user's to mend. */
  static <T> T decode(Decoding<T> decoding) throws IOException {
    try {
      return decoding.decode();
    } catch (SpecException e) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST, "cannot read " + e.getMessage(), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}

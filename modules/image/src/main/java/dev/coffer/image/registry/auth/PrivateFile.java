package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.spec.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files of credentials: whole or not at all, and readable for their owner alone. */
final class PrivateFile {

  private PrivateFile() {}

  /** Replaces the file's content. A symbolic link stays one: what it leads to is replaced. */
  static void write(AuthFile file) throws IOException {
    Path path = Files.exists(file.path()) ? file.path().toRealPath() : file.path();
    try {
      Files.createDirectories(
          path.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
      Files.deleteIfExists(temporary);
      try (FileChannel out =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        String text = Json.writePretty(file.content()) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ImageException(
          ImageException.Kind.HOST, "cannot write \"%s\": %s".formatted(path, e.getMessage()), e);
    }
  }
}

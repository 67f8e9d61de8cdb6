package dev.coffer.cli.command;

import dev.coffer.cli.request.CallerFiles;
import dev.coffer.cli.value.KeyValueFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Files of the caller's that are read. */
final class CallerInput {

  /** Larger than any sensible environment file or seccomp profile. */
  private static final int MOST = 4 << 20;

  private CallerInput() {}

  /**
   * A file's text.
   *
   * @throws IOException when it cannot be read or is larger than 4 MiB; the message names it
   */
  static String read(CallerFiles files, String path) throws IOException {
    try (InputStream in = open(files, path)) {
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new IOException("cannot read \"" + path + "\": larger than 4 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Opens a file of the caller's. */
  static InputStream open(CallerFiles files, String path) throws IOException {
    try {
      return Files.newInputStream(files.reach(path));
    } catch (NoSuchFileException e) {
      throw new IOException("cannot open \"" + path + "\": no such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new IOException("cannot open \"" + path + "\": permission denied", e);
    }
  }

  /** The entries of files of {@code NAME=value} lines. */
  static List<String> entries(CallerFiles files, List<String> paths) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String path : paths) {
      entries.addAll(KeyValueFile.parse(path, read(files, path)));
    }
    return entries;
  }
}

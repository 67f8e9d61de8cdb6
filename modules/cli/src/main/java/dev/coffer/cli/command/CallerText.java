package dev.coffer.cli.command;

import dev.coffer.cli.request.CallerFiles;
import dev.coffer.cli.value.KeyValueFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Small text files of the caller's. */
final class CallerText {

  /** Larger than any sensible environment file or seccomp profile. */
  private static final int MOST = 4 << 20;

  private CallerText() {}

  /**
   * A file's text.
   *
   * @throws IOException when it cannot be read or is larger than 4 MiB; the message names it
   */
  static String read(CallerFiles files, String path) throws IOException {
    try (InputStream in = Files.newInputStream(files.reach(path))) {
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new IOException("cannot read \"" + path + "\": larger than 4 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException("cannot open \"" + path + "\": no such file or directory", e);
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

package dev.coffer.cli.command;

import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.runtime.protocol.StdioKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Where {@code save} and {@code export} write: a file, or standard output. */
final class ArchiveTarget {

  private static final int BUFFER = 256 << 10;

  static final Option<Optional<String>> OUTPUT =
      Option.of("output", 'o', Type.text(), "Write to a file, instead of STDOUT");

  private ArchiveTarget() {}

  /** Writes an archive. */
  interface Source {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Has an archive written.
   *
   * @param verb for the refusal to write it to a terminal
   */
  static void write(EngineRequest request, Optional<String> file, String verb, Source source)
      throws IOException {
    if (file.isPresent()) {
      toFile(request, file.get(), source);
      return;
    }
    if (request.console().kind(1) == StdioKind.TTY) {
      throw new IllegalArgumentException(
          "cowardly refusing to " + verb + " to a terminal (use the -o flag or redirect)");
    }
    write(source, request.console().output());
  }

  /** Beside the file and renamed: what is there is never a torn archive. A device is written to. */
  private static void toFile(EngineRequest request, String name, Source source) throws IOException {
    Path path = request.files().reach(name);
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      try (OutputStream out = Files.newOutputStream(path)) {
        write(source, out);
      }
      return;
    }
    OutputFile file = OutputFile.create(path, name, request.umask());
    try {
      try (OutputStream out = Files.newOutputStream(file.temporary())) {
        write(source, out);
      }
      Files.move(file.temporary(), path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(file.temporary());
    }
  }

  private static void write(Source source, OutputStream stream) throws IOException {
    OutputStream out = new BufferedOutputStream(stream, BUFFER);
    source.writeTo(out);
    out.flush();
  }
}

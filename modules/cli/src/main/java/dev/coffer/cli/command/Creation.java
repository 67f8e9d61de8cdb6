package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.ContainerCommand.Remove;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Making a container for {@code run} and {@code create}, with its {@code --cidfile}. */
final class Creation {

  private Creation() {}

  /**
   * Makes the container, shows the engine's warnings and writes the id to the file that was asked
   * for. When that file cannot be written there is no container either.
   */
  static Created create(EngineRequest request, Arguments arguments, Create wanted, Engine engine)
      throws IOException {
    Optional<String> idFile = arguments.get(ContainerOptions.CIDFILE);
    if (idFile.isEmpty()) {
      return warned(request, engine.execute(wanted));
    }
    Path path = request.files().reach(idFile.get());
    try (OutputStream out = open(path, idFile.get(), request.umask())) {
      try {
        Created created = engine.execute(wanted);
        writeId(out, created, idFile.get(), engine);
        return warned(request, created);
      } catch (RuntimeException | IOException e) {
        Files.deleteIfExists(path);
        throw e;
      }
    }
  }

  private static Created warned(EngineRequest request, Created created) {
    for (String warning : created.warnings()) {
      request.console().err("WARNING: " + warning + "\n");
    }
    return created;
  }

  private static void writeId(OutputStream out, Created created, String name, Engine engine)
      throws IOException {
    try {
      out.write(created.id().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      engine.execute(new Remove(created.id(), true, true));
      throw new IOException(
          "cannot write the container's id to \"" + name + "\": " + e.getMessage(), e);
    }
  }

  private static OutputStream open(Path path, String name, int umask) throws IOException {
    try {
      Files.createFile(path, OutputFile.mode(umask));
      return Files.newOutputStream(path, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "container ID file found, make sure the other container isn't running or delete " + name,
          e);
    } catch (IOException e) {
      throw new IOException(
          "cannot create the container ID file \"" + name + "\": " + e.getMessage(), e);
    }
  }
}

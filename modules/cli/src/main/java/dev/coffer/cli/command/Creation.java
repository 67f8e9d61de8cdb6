package dev.coffer.cli.command;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.ContainerCommand.Remove;
import dev.coffer.engine.command.TransferCommand.IsHere;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequest.PullPolicy;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
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
    if (wanted.request().pull() == PullPolicy.ALWAYS) {
      pull(request, arguments, wanted.request(), engine);
    }
    Optional<String> idFile = arguments.get(ContainerOptions.CIDFILE);
    if (idFile.isEmpty()) {
      return warned(request, execute(request, arguments, wanted, engine));
    }
    Path path = request.files().reach(idFile.get());
    try (OutputStream out = open(path, idFile.get(), request.umask())) {
      try {
        Created created = execute(request, arguments, wanted, engine);
        writeId(out, created, idFile.get(), engine);
        return warned(request, created);
      } catch (RuntimeException | IOException e) {
        Files.deleteIfExists(path);
        throw e;
      }
    }
  }

  /** Only an image that is missing costs a second look. */
  private static Created execute(
      EngineRequest request, Arguments arguments, Create wanted, Engine engine) {
    Create local = named(request, wanted, engine);
    try {
      return engine.execute(local);
    } catch (EngineException e) {
      ContainerRequest container = wanted.request();
      boolean mayBeMissing =
          container.pull() == PullPolicy.MISSING
              && (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.INVALID)
              && !engine.execute(new IsHere(container.image(), platform(container)));
      if (!mayBeMissing) {
        throw e;
      }
      String which = platform(container).map(each -> " for platform " + each).orElse("");
      // By the way that what is told of the pull takes, so as not to come after it.
      PullOutput.Lines.of(request, 2)
          .line(
              "Unable to find image '%s'%s locally"
                  .formatted(Printable.text(shown(container.image())), which));
      pull(request, arguments, container, engine);
      return engine.execute(named(request, wanted, engine));
    }
  }

  /** The same for what a configured short name stands for, if that is here. */
  static ContainerRequest named(EngineRequest request, ContainerRequest container, Engine engine) {
    String name = LocalName.of(request, engine, container.image(), platform(container));
    return name.equals(container.image()) ? container : container.withImage(name);
  }

  private static Create named(EngineRequest request, Create wanted, Engine engine) {
    return new Create(named(request, wanted.request(), engine), wanted.startsNext());
  }

  private static String shown(String image) {
    try {
      return Reference.parse(image).orLatest().familiar();
    } catch (IllegalArgumentException notAName) {
      return image;
    }
  }

  private static Optional<Platform> platform(ContainerRequest container) {
    return container.platform().filter(text -> !text.isEmpty()).map(Platform::parse);
  }

  private static void pull(
      EngineRequest request, Arguments arguments, ContainerRequest container, Engine engine) {
    PullCommand.pull(
        request,
        container.image(),
        platform(container),
        arguments.get(ContainerOptions.QUIET),
        engine);
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

package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Save;
import dev.coffer.runtime.protocol.StdioKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** {@code coffer save}. */
final class SaveCommand implements CliCommand {

  private static final int BUFFER = 256 << 10;

  private static final Option<Optional<String>> OUTPUT =
      Option.of("output", 'o', Type.text(), "Write to a file, instead of STDOUT");

  private static final CommandModel MODEL =
      CommandModel.of(
              "save",
              "IMAGE [IMAGE...]",
              "Save one or more images to a tar archive (streamed to STDOUT by default)",
              1,
              CommandModel.MANY,
              OUTPUT,
              Option.unsupported("platform", true, "the image is saved with all it has"))
          .withAliases("coffer image save", "coffer save");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    List<String> images = arguments.positionals();
    Optional<String> file = arguments.get(OUTPUT);
    if (file.isPresent()) {
      toFile(request, engine, images, file.get());
      return 0;
    }
    if (request.console().kind(1) == StdioKind.TTY) {
      throw new IllegalArgumentException(
          "cowardly refusing to save to a terminal (use the -o flag or redirect)");
    }
    write(engine, images, request.console().output());
    return 0;
  }

  /** Beside the file and renamed: what is there is never a torn archive. A device is written to. */
  private static void toFile(EngineRequest request, Engine engine, List<String> images, String name)
      throws IOException {
    Path path = request.files().reach(name);
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      try (OutputStream out = Files.newOutputStream(path)) {
        write(engine, images, out);
      }
      return;
    }
    OutputFile file = OutputFile.create(path, name, request.umask());
    try {
      try (OutputStream out = Files.newOutputStream(file.temporary())) {
        write(engine, images, out);
      }
      Files.move(file.temporary(), path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(file.temporary());
    }
  }

  private static void write(Engine engine, List<String> images, OutputStream stream)
      throws IOException {
    OutputStream out = new BufferedOutputStream(stream, BUFFER);
    engine.execute(new Save(images, out));
    out.flush();
  }
}

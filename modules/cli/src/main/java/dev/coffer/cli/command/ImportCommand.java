package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Import;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** {@code coffer import}. */
final class ImportCommand implements CliCommand {

  private static final Option<List<String>> CHANGE =
      Option.of("change", 'c', Type.list(), "Apply Dockerfile instruction to the created image");
  private static final Option<Optional<String>> MESSAGE =
      Option.of("message", 'm', Type.text(), "Set commit message for imported image");
  private static final Option<Optional<String>> PLATFORM =
      Option.of("platform", Type.text(), "Set platform of the image");

  private static final CommandModel MODEL =
      CommandModel.of(
              "import",
              "file|- [REPOSITORY[:TAG]]",
              "Import the contents from a tarball to create a filesystem image",
              1,
              2,
              CHANGE,
              MESSAGE,
              PLATFORM)
          .withAliases("coffer image import", "coffer import");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    String source = arguments.first();
    if (source.startsWith("http://") || source.startsWith("https://")) {
      throw new IllegalArgumentException(
          "not supported: import from a URL (use curl -L \"" + source + "\" | coffer import -)");
    }
    List<String> words = arguments.positionals();
    Optional<String> reference = words.size() > 1 ? Optional.of(words.get(1)) : Optional.empty();
    try (InputStream archive =
        source.equals("-")
            ? request.console().input()
            : CallerInput.open(request.files(), source)) {
      request.line(
          engine.execute(
              new Import(
                  archive,
                  reference,
                  arguments.get(CHANGE),
                  arguments.get(MESSAGE),
                  arguments.get(PLATFORM))));
    }
    return 0;
  }
}

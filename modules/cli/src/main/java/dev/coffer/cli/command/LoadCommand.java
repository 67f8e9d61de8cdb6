package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Load;
import dev.coffer.engine.command.ImageCommand.LoadLayout;
import dev.coffer.runtime.protocol.StdioKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code coffer load}. */
final class LoadCommand implements CliCommand {

  private static final Option<Optional<String>> INPUT =
      Option.of(
          "input",
          'i',
          Type.text(),
          "Read from a tar archive file or an OCI layout directory, instead of STDIN");
  private static final Option<Optional<String>> PLATFORM =
      Option.of("platform", Type.text(), "Load only the given platform (e.g. \"linux/amd64\")");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Suppress the load output");

  private static final CommandModel MODEL =
      CommandModel.of(
              "load", "", "Load an image from a tar archive or STDIN", 0, 0, INPUT, PLATFORM, QUIET)
          .withAliases("coffer image load", "coffer load")
          .withExample("What docker save wrote", "docker save nginx | coffer load");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    Optional<String> file = arguments.get(INPUT);
    if (file.isEmpty() && request.console().kind(0) == StdioKind.TTY) {
      throw new IllegalArgumentException("requested load from stdin, but stdin is empty");
    }
    List<String> loaded = load(request, file, arguments.get(PLATFORM), engine);
    if (!arguments.get(QUIET)) {
      loaded.forEach(request::line);
    }
    return 0;
  }

  private static List<String> load(
      EngineRequest request, Optional<String> file, Optional<String> platform, Engine engine)
      throws IOException {
    Optional<Path> layout = file.map(request.files()::reach).filter(Files::isDirectory);
    if (layout.isPresent()) {
      return engine.execute(new LoadLayout(layout.get(), platform));
    }
    try (InputStream archive =
        file.isPresent()
            ? CallerInput.open(request.files(), file.get())
            : request.console().input()) {
      return engine.execute(new Load(archive, platform));
    }
  }
}

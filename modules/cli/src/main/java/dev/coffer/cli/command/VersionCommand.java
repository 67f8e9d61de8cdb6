package dev.coffer.cli.command;

import dev.coffer.cli.format.Objects;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.SystemCommand.Version;
import dev.coffer.engine.model.VersionInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code coffer version}. */
final class VersionCommand implements CliCommand {

  private static final int WIDTH = 18;

  private static final Option<Optional<String>> FORMAT =
      Option.of(
          "format", 'f', Type.text(), "Format output using a custom template: 'json' or TEMPLATE");

  private static final CommandModel MODEL =
      CommandModel.of("version", "", "Show the Coffer version information", 0, 0, FORMAT);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    VersionInfo version = engine.execute(new Version());
    Optional<String> format = arguments.get(FORMAT);
    if (format.isPresent()) {
      request.line(Objects.render(format.get(), data(version)));
      return 0;
    }
    StringBuilder text = new StringBuilder("Coffer:\n");
    line(text, "Version", version.version());
    line(text, "Build", Long.toString(version.build()));
    line(text, "Java", version.java());
    line(text, "Kernel", version.kernel());
    line(text, "OS/Arch", version.os() + "/" + version.arch());
    line(text, "OCI runtime spec", version.runtimeSpec());
    request.console().out(text.toString());
    return 0;
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(' ').append(name).append(':');
    text.repeat(' ', Math.max(1, WIDTH - name.length())).append(value).append('\n');
  }

  /**
   * As Docker has it, so that {@code {{.Server.Version}}} works; the launcher is of the same build.
   */
  private static Map<String, Object> data(VersionInfo version) {
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("Version", version.version());
    both.put("Os", version.os());
    both.put("Arch", version.arch());
    both.put("KernelVersion", version.kernel());
    both.put("Build", version.build());
    both.put("JavaVersion", version.java());
    both.put("OciRuntimeSpec", version.runtimeSpec());
    return Map.of("Client", both, "Server", both);
  }
}

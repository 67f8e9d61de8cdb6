package dev.coffer.cli.command;

import dev.coffer.cli.format.Objects;
import dev.coffer.cli.format.Units;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.SystemCommand.Status;
import dev.coffer.engine.model.EngineStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code coffer engine status}; like every command it starts an engine where none runs. */
final class EngineStatusCommand implements CliCommand {

  private static final Option<Optional<String>> FORMAT =
      Option.of(
          "format", 'f', Type.text(), "Format output using a custom template: 'json' or TEMPLATE");

  private static final CommandModel MODEL =
      CommandModel.of("engine status", "", "Show the engine's process and places", 0, 0, FORMAT);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    EngineStatus status = engine.execute(new Status());
    Optional<String> format = arguments.get(FORMAT);
    if (format.isPresent()) {
      request.line(Objects.render(format.get(), data(status)));
      return 0;
    }
    Duration age = Duration.between(status.started(), request.clock().instant());
    request
        .console()
        .out(
            """
            Pid: %d
            Build: %d
            Up: %s
            Data root: %s
            Run directory: %s
            Control group: %s
            Containers: %d (%d running)
            """
                .formatted(
                    status.pid(),
                    status.build(),
                    Units.duration(age),
                    status.dataRoot(),
                    status.runDirectory(),
                    status.cgroupParent(),
                    status.total(),
                    status.running()));
    return 0;
  }

  private static Map<String, Object> data(EngineStatus status) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("Pid", status.pid());
    data.put("Build", status.build());
    data.put("Started", status.started().toString());
    data.put("DataRoot", status.dataRoot());
    data.put("RunDirectory", status.runDirectory());
    data.put("CgroupParent", status.cgroupParent());
    data.put("Running", (long) status.running());
    data.put("Total", (long) status.total());
    return data;
  }
}

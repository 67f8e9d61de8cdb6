package dev.coffer.cli.testing;

import dev.coffer.cli.command.CommandLine;
import dev.coffer.cli.request.CallerFiles;
import dev.coffer.cli.request.EngineControl;
import dev.coffer.cli.request.EngineRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs command lines in process, on a fake engine. */
public final class Cli {

  /** What time it is in tests. */
  public static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final FakeEngine engine;
  private final Map<String, String> environment = new HashMap<>(Map.of("TZ", "UTC"));
  private final List<String> control = new ArrayList<>();
  private CallerFiles files = CallerFiles.at(Path.of("/work/dir"));
  private FakeConsole console = new FakeConsole();

  /** What came out. */
  public record Result(int code, String out, String err) {}

  /** Command lines on this engine. */
  public Cli(FakeEngine engine) {
    this.engine = engine;
  }

  /** With a variable in the caller's environment. */
  public Cli environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** With another console. */
  public Cli console(FakeConsole other) {
    console = other;
    return this;
  }

  /** With a caller who stands in a directory. */
  public Cli in(Path directory) {
    files = CallerFiles.at(directory);
    return this;
  }

  /** With a caller whose files are reached otherwise. */
  public Cli files(CallerFiles other) {
    files = other;
    return this;
  }

  /** What the engine's process was asked for. */
  public List<String> control() {
    return control;
  }

  /** Runs one. */
  public Result run(String... words) {
    EngineRequest request =
        new EngineRequest(
            List.of(words),
            environment,
            022,
            files,
            console,
            new Control(),
            Clock.fixed(NOW, ZoneOffset.UTC));
    int code = CommandLine.run(request, engine);
    return new Result(code, console.outText(), console.errText());
  }

  private final class Control implements EngineControl {
    @Override
    public long build() {
      return 7;
    }

    @Override
    public void stop() {
      control.add("stop");
    }

    @Override
    public void restart() {
      control.add("restart");
    }
  }
}

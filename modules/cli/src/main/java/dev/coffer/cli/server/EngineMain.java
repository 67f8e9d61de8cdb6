package dev.coffer.cli.server;

import dev.coffer.cli.command.ServeCommand;
import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.help.HelpText;
import dev.coffer.cli.option.UsageException;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.local.LocalEngine;
import dev.coffer.engine.state.EngineOptions;
import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The engine's process. The launcher starts it with the arguments in {@code
 * lib/coffer/engine.args}, and waits until it writes a byte to the descriptor that {@code
 * COFFER_READY_FD} names; without that variable a person has started it with {@code coffer serve}.
 */
public final class EngineMain {

  private static final String READY_VARIABLE = "COFFER_READY_FD";
  private static final int FAILED = 125;

  private EngineMain() {}

  /** Serves until the end. */
  public static void main(String[] arguments) {
    int code = run(List.of(arguments), System.getenv(), System.out, System.err);
    // Whatever threads a library has left behind, there is nothing to wait for any more.
    System.exit(code);
  }

  private static int run(
      List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (words.contains("--help") || words.contains("-h")) {
      out.print(HelpText.render(ServeCommand.MODEL, 0));
      return 0;
    }
    try {
      ServerOptions options = ServerOptions.parse(words, environment.containsKey(READY_VARIABLE));
      EngineLoggers.tellPlaces(options.debug());
      if (options.connection().isPresent()) {
        OneShot.serve(Fd.of(options.connection().get()), options.build());
      } else {
        serve(options, environment, err);
      }
      return 0;
    } catch (EngineException | IllegalArgumentException | IOException e) {
      err.println("coffer: " + FailureText.of(e));
      return FAILED;
    } catch (UsageException e) {
      err.println(e.getMessage());
      return e.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static void serve(ServerOptions options, Map<String, String> environment, PrintStream err)
      throws IOException, InterruptedException {
    requireOwn(options.root());
    Fd lock = lock(options);
    StaleRunDirectories.note(options.runDirectory(), options.root());
    Engine engine = LocalEngine.open(engineOptions(options));
    Door door = Door.open(options.runDirectory(), lock);
    EngineServer server = new EngineServer(engine, door, options);
    Runtime.getRuntime().addShutdownHook(new Thread(server::handOver, "termination"));
    server.start();
    String ready = environment.get(READY_VARIABLE);
    if (ready == null) {
      err.println(
          "coffer: serving "
              + options.root()
              + " on "
              + options.runDirectory()
              + "/"
              + Door.SOCKET);
    } else {
      try (Fd fd = Fd.of(Integer.parseInt(ready))) {
        FileData.writeAll(fd, new byte[] {1});
      }
    }
    StaleRunDirectories.sweep(options.runDirectory());
    server.awaitEnd();
  }

  /** What a data root says is done with our rights: plugins are run that it names, for one. */
  private static void requireOwn(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Fd opened = FileOpen.path(root.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      int owner = FileStat.of(opened).uid();
      if (owner != 0 && owner != CurrentProcess.effectiveUid()) {
        throw new IllegalArgumentException(
            "cannot use the data root \"%s\": it belongs to user %d (use one of your own)"
                .formatted(root, owner));
      }
    }
  }

  private static Fd lock(ServerOptions options) throws IOException {
    Optional<Fd> lock =
        options.foreground()
            ? Door.tryLock(options.runDirectory())
            : Optional.of(Door.lock(options.runDirectory()));
    return lock.orElseThrow(
        () ->
            new IllegalArgumentException(
                "cannot serve \"%s\": an engine runs already (stop it with coffer engine stop)"
                    .formatted(options.root())));
  }

  private static EngineOptions engineOptions(ServerOptions options) {
    Path launcher = options.library().resolve("../../bin/coffer").normalize();
    return new EngineOptions(
        options.root(),
        options.runDirectory(),
        launcher,
        Optional.of(options.library().resolve("images")).filter(Files::isDirectory),
        options.build(),
        List.of(launcher.toString(), "--root", options.root().toString(), "engine", "start"),
        options.snapshotter());
  }
}

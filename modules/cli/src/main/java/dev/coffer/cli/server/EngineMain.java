package dev.coffer.cli.server;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.local.LocalEngine;
import dev.coffer.engine.state.EngineOptions;
import dev.coffer.kernel.Fd;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The engine's process: opens the data root, listens, says so to the launcher that started it, and
 * stays until the server ends.
 */
public final class EngineMain {

  private static final String READY_VARIABLE = "COFFER_READY_FD";
  private static final int FAILED = 125;

  private EngineMain() {}

  /** Runs the engine with the arguments of {@link ServerOptions#parse}. */
  public static void main(String[] words) {
    System.exit(run(List.of(words)));
  }

  private static int run(List<String> words) {
    try {
      ServerOptions options = ServerOptions.parse(words, System.getenv(), 0);
      return serve(options.withBuild(build(options.library())));
    } catch (IOException | IllegalArgumentException | EngineException e) {
      System.err.println("coffer: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static int serve(ServerOptions options) throws IOException, InterruptedException {
    Optional<Fd> lock = Door.tryLock(options.runDirectory());
    if (lock.isEmpty()) {
      System.err.printf(
          "coffer: cannot serve: an engine already has \"%s\" (stop it with: coffer engine stop)%n",
          options.root());
      return FAILED;
    }
    LocalEngine engine = LocalEngine.open(engineOptions(options));
    EngineServer server =
        new EngineServer(engine, Door.open(options.runDirectory(), lock.get()), options);
    server.start();
    sayReady();
    if (options.foreground()) {
      System.out.println("coffer: serving " + options.root());
    }
    server.awaitEnd();
    return 0;
  }

  private static EngineOptions engineOptions(ServerOptions options) {
    Path binary = options.library().resolve("../../bin/coffer").normalize();
    return new EngineOptions(
        options.root(),
        options.runDirectory(),
        binary,
        Optional.of(options.library().resolve("images")),
        options.build(),
        // Any command starts an engine, which then finds what has ended.
        List.of(binary.toString(), "--root", options.root().toString(), "version"));
  }

  private static long build(Path library) throws IOException {
    return Long.parseLong(Files.readString(library.resolve("build")).strip());
  }

  /** One byte on the pipe that the launcher waits at; it closes with this. */
  private static void sayReady() throws IOException {
    String number = System.getenv(READY_VARIABLE);
    if (number != null) {
      try (OutputStream ready = new FileOutputStream("/proc/self/fd/" + number)) {
        ready.write(1);
      }
      Fd.of(Integer.parseInt(number)).close();
    }
  }
}

package dev.coffer.engine.embed;

import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.local.LocalEngine;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.LogQuery;
import dev.coffer.engine.state.EngineOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Runs containers from a Java program, without a daemon.
 *
 * <pre>{@code
 * try (Coffer coffer = Coffer.open(Path.of("/var/lib/my-app/coffer"))) {
 *   Coffer.Result result = coffer.run("busybox", "echo", "hi");
 *   assert result.exitCode() == 0 && result.output().equals("hi\n");
 * }
 * }</pre>
 *
 * <p>One process at a time may have a data root open. The native program that containers are run by
 * is found in the system property {@code coffer.native}, else at {@code bin/coffer} of the
 * distribution that {@code coffer.home} names; its directory {@code lib/coffer/images} holds the
 * archives of embedded images. The Java virtual machine needs {@code --enable-native-access}. For
 * all that this class does not offer, {@link #engine} takes every command.
 */
public final class Coffer implements AutoCloseable {

  private final LocalEngine engine;

  private Coffer(LocalEngine engine) {
    this.engine = engine;
  }

  /**
   * What a run left.
   *
   * @param exitCode 0 to 255; 128 + signal where one ended it
   * @param output what it wrote to standard output, as UTF-8
   * @param errors what it wrote to standard error
   */
  public record Result(int exitCode, String output, String errors) {}

  /**
   * Opens a data root, making it when it is missing; sockets and locks go to its directory {@code
   * run}.
   *
   * @throws EngineException CONFLICT when it is open elsewhere, INVALID when the native program is
   *     not found
   */
  public static Coffer open(Path root) {
    Path home = Path.of(System.getProperty("coffer.home", "/usr/local"));
    String program = System.getProperty("coffer.native", home.resolve("bin/coffer").toString());
    return open(
        new EngineOptions(
            root.toAbsolutePath(),
            root.toAbsolutePath().resolve("run"),
            Path.of(program),
            Optional.of(home.resolve("lib/coffer/images")).filter(Files::isDirectory),
            0,
            List.of(),
            Optional.empty()));
  }

  /** Opens an engine with all options given. */
  public static Coffer open(EngineOptions options) {
    return new Coffer(LocalEngine.open(options));
  }

  /** The engine itself, for every other command. */
  public Engine engine() {
    return engine;
  }

  /**
   * Runs a command in a new container and removes it.
   *
   * @param command empty: the image's own
   * @throws EngineException when it cannot be started
   */
  public Result run(String image, String... command) {
    return run(ContainerRequests.of(image, List.of(command)));
  }

  /** As the other {@code run}, for a whole request. */
  public Result run(ContainerRequest request) {
    Created created = engine.execute(new ContainerCommand.Create(request));
    try {
      engine.execute(new ContainerCommand.Start(created.id(), Optional.empty()));
      int code = engine.execute(new ContainerCommand.Wait(created.id(), WaitCondition.NOT_RUNNING));
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      LogQuery everything = new LogQuery(true, true, false, Optional.empty(), Optional.empty(), -1);
      engine.execute(
          new ContainerCommand.Logs(
              created.id(),
              everything,
              line -> (line.stderr() ? errors : output).writeBytes(line.text())));
      return new Result(
          code, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      engine.execute(new ContainerCommand.Remove(created.id(), true, true));
    }
  }

  /** Lets go of the data root. Containers that run go on. */
  @Override
  public void close() {
    engine.close();
  }
}

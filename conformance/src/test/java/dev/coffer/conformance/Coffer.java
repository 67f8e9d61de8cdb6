package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The {@code coffer} command on a data root of its own, driven as a user would. Closing removes
 * every container, ends the engine by its own command and asserts that nothing of it is left on the
 * host.
 */
public final class Coffer implements AutoCloseable {

  /** What a command did. */
  public record Result(int exitCode, String out, String err) {

    public Result ok() {
      assertThat(exitCode).as("exit code; standard error: %s", err).isZero();
      return this;
    }

    /** Asserts a failure: its code, one clear line, and no stack trace. */
    public Result fails(int code, String... words) {
      assertThat(exitCode).as("exit code; output: %s %s", out, err).isEqualTo(code);
      assertThat(err).doesNotContain("Exception").doesNotContain("\tat ");
      assertThat(List.of(words)).as("words in: %s", err).allMatch(err::contains);
      return this;
    }

    /**
     * Asserts what may come of a command when its engine dies, or of one that follows another which
     * was cut short by that: its caller gets an answer in one line.
     */
    void isExpectable() {
      if (exitCode != 0) {
        assertThat(err)
            .as("standard error of a command that ended with " + exitCode)
            .matches("(?s)coffer: .*|")
            .doesNotContain("internal error", "Exception");
      }
    }

    public String line() {
      return out.strip();
    }

    public List<String> lines() {
      return out.lines().toList();
    }
  }

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private final Path root;
  private final Path binary;
  private final List<String> wrapper;

  private Coffer(Path directory, List<String> wrapper) {
    this.wrapper = wrapper;
    this.directory = directory;
    this.root = directory.resolve("root");
    this.binary =
        Path.of(System.getProperty("coffer.dist", "../build/dist"))
            .toAbsolutePath()
            .normalize()
            .resolve("bin/coffer");
  }

  /** On an empty data root. */
  public static Coffer open() {
    return open(List.of());
  }

  /**
   * On an empty data root, with networks of containers as they are made where nothing is said.
   *
   * @param wrapper words of a command that runs what follows elsewhere, such as in another network
   *     namespace; none: without networks, so that nothing of the host's is changed
   */
  static Coffer open(List<String> wrapper) {
    try {
      Path directory = Files.createTempDirectory(Path.of("/tmp"), "coffer-it");
      Files.createDirectory(directory.resolve("root"));
      // Whatever networks the real host has plugins for, they are none of ours.
      Files.writeString(
          directory.resolve("root/cni-directories"),
          """
          networks %1$s/net.d
          plugins %1$s/plugins
          plugins /opt/cni/bin
          plugins /usr/lib/cni
          """
              .formatted(directory));
      return new Coffer(directory, wrapper);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A scratch directory that goes away with this. */
  public Path directory() {
    return directory;
  }

  Path root() {
    return root;
  }

  Path binary() {
    return binary;
  }

  /** Starts a command and leaves its standard streams to the caller. */
  Process start(String... arguments) {
    return start(Map.of(), arguments);
  }

  Process start(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(binary.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("COFFER_ROOT", root.toString());
    if (wrapper.isEmpty()) {
      builder.environment().put("COFFER_NETWORK", "none");
    }
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end with nothing on standard input. */
  public Result run(String... arguments) {
    return finish(start(arguments), new byte[0]);
  }

  /** Runs a command to its end with these bytes on standard input. */
  Result runWithInput(String input, String... arguments) {
    return finish(start(arguments), input.getBytes(StandardCharsets.UTF_8));
  }

  /** Collects what a started command writes until its end. */
  public static Result finish(Process process, byte[] input) {
    return finish(process, input, LIMIT);
  }

  /** As the other, with a limit of its own for what takes long. */
  public static Result finish(Process process, byte[] input, Duration limit) {
    var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // It ended without reading its input; its exit code tells the rest.
    }
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + limit + ": " + process.info());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Result(process.exitValue(), out.join(), err.join());
  }

  /** Waits until something is so, and fails when it has not come within a while. */
  public static void eventually(BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("time of what never came").isBefore(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Pid of the engine, 0 when there is none. */
  long enginePid() {
    Result status = run("engine", "status", "--format", "{{.Pid}}");
    return status.exitCode() == 0 ? Long.parseLong(status.line()) : 0;
  }

  @Override
  public void close() {
    List<String> ids = run("ps", "-aq").lines();
    if (!ids.isEmpty()) {
      List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
      remove.addAll(ids);
      run(remove.toArray(String[]::new)).ok();
    }
    Path runDirectory = Path.of(status("RunDirectory"));
    HostState host = new HostState(root, runDirectory, status("CgroupParent"));
    run("engine", "stop").ok();
    host.assertNothingIsLeft();
    delete(directory);
    delete(runDirectory);
  }

  /** The control group below which this data root's containers have theirs. */
  String cgroupParent() {
    return status("CgroupParent");
  }

  private String status(String field) {
    return run("engine", "status", "--format", "{{." + field + "}}").ok().line();
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Deletes a directory and all in it, where it exists. */
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

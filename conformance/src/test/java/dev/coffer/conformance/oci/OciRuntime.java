package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The runtime under test: any program with runc's command line, named by the system property {@code
 * oci.runtime}.
 *
 * @param root where it keeps its state ({@code --root})
 * @param scratch where output and logs of its commands go
 */
record OciRuntime(Path binary, Path root, Path scratch) {

  static final String PROPERTY = "oci.runtime";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A command that was started, with files for what it writes. */
  record Running(Process process, List<String> command, Path files) {

    /** Waits for the end of the runtime's own process; what it started may live on. */
    Result finish() {
      try {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
          // No AssertionError, which a declared deviation would take for its own.
          throw new IllegalStateException("still running after " + LIMIT + ": " + result());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      return result();
    }

    /** What was written until now; the exit code is -1 as long as there is none. */
    Result result() {
      return new Result(
          command,
          process.isAlive() ? -1 : process.exitValue(),
          text(files.resolve("out")),
          text(files.resolve("err")),
          text(files.resolve("log")));
    }
  }

  static String path() {
    String path = System.getProperty(PROPERTY);
    if (path == null) {
      throw new IllegalStateException("say which runtime: -D" + PROPERTY + "=/usr/sbin/runc");
    }
    return path;
  }

  /** Whether that is Coffer, as it says itself; what else is installed beside it says nothing. */
  static boolean isCoffer() {
    try {
      Process version = new ProcessBuilder(path(), "--version").start();
      String said = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.startsWith("coffer-oci version ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a verb to its end with nothing on standard input. */
  Result run(String... arguments) {
    return start(arguments).finish();
  }

  /** Runs a verb with this text on standard input. */
  Result runWithInput(String input, String... arguments) {
    return start(input, List.of(), List.of(arguments)).finish();
  }

  /** Starts a verb with nothing on standard input. */
  Running start(String... arguments) {
    return start("", List.of(), List.of(arguments));
  }

  /**
   * Starts a verb.
   *
   * @param wrapper words before the runtime's, for what a shell or another program has to prepare;
   *     none for most
   */
  Running start(String input, List<String> wrapper, List<String> arguments) {
    try {
      Path files = Files.createTempDirectory(scratch, "call");
      Path in = Files.writeString(files.resolve("in"), input);
      List<String> command = new ArrayList<>(wrapper);
      command.addAll(List.of(binary.toString(), "--root", root.toString()));
      command.addAll(List.of("--log", files.resolve("log").toString(), "--log-format", "json"));
      command.addAll(arguments);
      Process process =
          new ProcessBuilder(command)
              .directory(scratch.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(files.resolve("out").toFile())
              .redirectError(files.resolve("err").toFile())
              .start();
      return new Running(process, command, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

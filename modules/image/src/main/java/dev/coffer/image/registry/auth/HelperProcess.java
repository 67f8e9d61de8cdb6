package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.kernel.BoundedProgram;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs a small program of the caller's to its end: something in, something out, within a time.
 *
 * <p>It gets the caller's environment and nothing of the engine's but that.
 */
final class HelperProcess {
  private static final int MAX_OUTPUT = 1 << 20;

  private final BoundedProgram programs;

  /**
   * What a program said.
   *
   * @param code its exit code
   * @param text its standard output
   */
  record Output(int code, String text) {}

  HelperProcess(Spawner spawner, Duration limit) {
    this.programs = new BoundedProgram(spawner::spawn, limit, MAX_OUTPUT);
  }

  /**
   * Runs a program that is looked for in the environment's PATH.
   *
   * @throws ImageException NOT_FOUND when there is none; HOST when it cannot be started or takes
   *     too long
   */
  Output run(String program, String verb, String input, Map<String, String> environment)
      throws IOException {
    String path = find(program, environment.getOrDefault("PATH", ""));
    BoundedProgram.Call call =
        new BoundedProgram.Call(
            path,
            List.of(program, verb),
            environment.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList(),
            input);
    try {
      BoundedProgram.Output output = programs.run(call);
      return new Output(output.code(), output.text());
    } catch (BoundedProgram.LimitException e) {
      throw new ImageException(
          ImageException.Kind.HOST,
          "cannot use credential helper \"%s\": it %s".formatted(program, e.getMessage()),
          e);
    } catch (KernelException e) {
      throw new ImageException(
          ImageException.Kind.HOST, "cannot run \"" + program + "\": " + e.getMessage(), e);
    }
  }

  private static String find(String program, String searchPath) throws ImageException {
    for (String directory : searchPath.split(":")) {
      if (directory.startsWith("/")) {
        Path candidate = Path.of(directory, program);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return candidate.toString();
        }
      }
    }
    throw new ImageException(
        ImageException.Kind.NOT_FOUND,
        "cannot run credential helper \"%s\": not found in PATH".formatted(program));
  }
}

package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.Memfd;
import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.compile.ProgramCompiler;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.oci.Runner.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program of the host that the caller's own process runs: this one starts none. */
final class CallerProgram {
  private static final String DEFAULT_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  private CallerProgram() {}

  /**
   * Runs a program to its end, and gives all that it wrote.
   *
   * @param arguments the first is the program's name or path
   * @throws OciException with what it wrote, where it is not there or fails
   */
  static String run(OciCaller caller, List<String> arguments) throws IOException {
    String name = arguments.getFirst();
    Path program =
        find(caller, name)
            .orElseThrow(
                () -> new OciException("cannot run \"" + name + "\": it is not installed"));
    List<String> environment =
        caller.environment().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList();
    try (Fd output = Memfd.open("coffer-output")) {
      Program plan =
          Program.of(
              ProgramCompiler.compile(
                  caller.facts().architecture(), program.toString(), arguments, environment, name));
      try {
        caller.runner().run(Run.alone(plan, List.of(output))).close();
      } catch (StartException e) {
        throw failure(e, written(output));
      }
      return written(output);
    }
  }

  private static OciException failure(StartException cause, String output) {
    String said = output.strip().replace("\n", "; ");
    return new OciException(
        said.isEmpty()
            ? "cannot " + cause.getMessage()
            : "cannot " + cause.getMessage() + ": " + said,
        cause);
  }

  private static String written(Fd output) throws IOException {
    long ignored = FileData.seek(output, 0, 0);
    return ProcFile.read(output);
  }

  /** As execvp(3) would find it in the caller. */
  static Optional<Path> find(OciCaller caller, String name) {
    if (name.contains("/")) {
      return Optional.of(caller.resolve(name)).filter(Files::isExecutable);
    }
    String path = caller.environment().getOrDefault("PATH", DEFAULT_PATH);
    for (String directory : path.split(":", -1)) {
      Path program = caller.resolve(directory).resolve(name);
      if (Files.isRegularFile(program) && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}

package dev.coffer.network.cni;

import dev.coffer.kernel.BoundedProgram;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Spawner;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs plugins as programs of the host.
 *
 * @param programs runs them
 */
public record PluginProcess(BoundedProgram programs) implements PluginCall.Runner {

  private static final int MODE = 0600;

  /**
   * With limits.
   *
   * @param home the network namespace in which they run is this thread's home
   * @param time how long one may take
   * @param outputBytes how much one may say
   */
  PluginProcess(NamespaceThread home, Duration time, int outputBytes) {
    this(
        new BoundedProgram(
            request -> home.atHome(() -> Spawner.posix().spawn(request)), time, outputBytes));
  }

  /** With limits that no plugin which does its work comes near. */
  public static PluginProcess of(NamespaceThread home) {
    return new PluginProcess(home, Duration.ofSeconds(60), 1 << 20);
  }

  @Override
  public PluginCall.Output run(PluginCall call) throws CniException {
    String program = call.program().toString();
    BoundedProgram.Call what =
        new BoundedProgram.Call(program, List.of(program), call.environment(), call.input());
    try {
      BoundedProgram.Output output =
          call.answer().isPresent() ? keeping(what, call.answer().get()) : programs.run(what);
      return new PluginCall.Output(output.code(), output.text(), output.errors());
    } catch (BoundedProgram.LimitException e) {
      throw failure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw failure("cannot run " + program + ": " + e.getMessage(), e);
    }
  }

  private BoundedProgram.Output keeping(BoundedProgram.Call what, Path answer) throws IOException {
    // A file of its own: what the plugin before has left running may have that one's still.
    Files.deleteIfExists(answer);
    int flags = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.EXCL;
    try (Fd directory =
            FileOpen.path(answer.getParent().toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
        Fd file = FileOpen.at(directory, answer.getFileName().toString(), flags, MODE)) {
      // The plugin has it, too: whoever finds it unlocked knows that the plugin has ended.
      Flock.exclusive(file);
      return programs.run(what, file);
    }
  }

  private static CniException failure(String message, IOException cause) {
    CniException failure = new CniException(CniException.NO_CODE, message);
    failure.initCause(cause);
    return failure;
  }
}

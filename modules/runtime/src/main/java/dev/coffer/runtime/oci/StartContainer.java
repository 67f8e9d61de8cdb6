package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Poll;
import dev.coffer.plan.wire.StatusPage;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code start}: lets a created container become its program.
 *
 * <p>Without hooks it returns at once, as other runtimes do: engines watch for out-of-memory kills
 * and size the terminal only when it has, and the program should not run long before that. What
 * could go wrong then was looked for by {@code create}. With hooks it waits for what they need.
 */
public final class StartContainer {
  private static final Duration STEP = Duration.ofSeconds(1);

  private StartContainer() {}

  /**
   * Starts a container; returns when hooks that run at the start have.
   *
   * <p>Of a hook that fails, and where hooks wait for it, of a program that cannot be executed, the
   * container is destroyed, and the poststop hooks run, as "Lifecycle" of the runtime specification
   * has it.
   *
   * @throws OciException where it is in no state to be started, or where that failed: without hooks
   *     it is stopped then
   */
  public static void start(OciCaller caller, String id) throws IOException {
    StateDirectory directory = caller.states().get(id);
    boolean ignored = directory.change(() -> start(caller, directory));
  }

  private static boolean start(OciCaller caller, StateDirectory directory) throws IOException {
    ContainerRecord record = require(caller, directory, directory.id());
    String what = "cannot start container \"" + record.id() + "\": ";
    Spec spec = directory.config();
    Hooks hooks = spec.hooks().orElse(Hooks.NONE);
    Fd start = directory.openStart().orElseThrow(() -> new OciException(what + "it has stopped"));
    try (start) {
      FileData.writeAll(start, new byte[] {1});
      if (hooks.startContainer().isEmpty() && hooks.poststart().isEmpty()) {
        directory.noteStarted();
        return true;
      }
      boolean ignored = caller.runner().await(() -> awaitReader(start));
    }
    try {
      requireProgram(directory, record, what);
      runPoststart(caller, spec, record, what);
    } catch (IOException | OciException failure) {
      Removal.of(caller, directory, record).takeBack(spec, failure);
      throw failure;
    }
    return true;
  }

  private static void requireProgram(StateDirectory directory, ContainerRecord record, String what)
      throws IOException {
    Optional<StatusPage.Failure> failure = directory.report().flatMap(StatusPage::failure);
    if (failure.isPresent()) {
      throw new OciException(
          what
              + Failures.withHookOutput(
                  StartPhase.describe(record.start(), failure.get()), directory));
    }
  }

  private static ContainerRecord require(OciCaller caller, StateDirectory directory, String id)
      throws IOException {
    Optional<ContainerRecord> record = directory.record();
    return switch (ContainerState.status(caller, directory, record)) {
      case CREATED -> record.orElseThrow();
      case RUNNING ->
          throw new OciException("cannot start container \"" + id + "\": it runs already");
      case PAUSED ->
          throw new OciException(
              "cannot start container \"" + id + "\": it is paused (resume it first)");
      case STOPPED ->
          throw new OciException("cannot start container \"" + id + "\": it has stopped");
      case CREATING ->
          throw new OciException("cannot start container \"" + id + "\": it is being created");
    };
  }

  /** Whoever waited at the other end has closed it: by executing the program, or by its end. */
  private static boolean awaitReader(Fd start) {
    try {
      while (!Poll.closed(start, STEP)) {
        if (Thread.interrupted()) {
          throw new OciException("the caller has left");
        }
      }
      return true;
    } catch (KernelException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void runPoststart(OciCaller caller, Spec spec, ContainerRecord record, String what)
      throws IOException {
    try {
      HookRun.of(caller, record, spec)
          .run(
              spec.hooks().orElseThrow().poststart(),
              "poststart",
              ContainerStatus.RUNNING,
              record.pid());
    } catch (StartException e) {
      throw new OciException(what + e.getMessage(), e);
    }
  }
}

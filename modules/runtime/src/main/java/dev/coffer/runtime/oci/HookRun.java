package dev.coffer.runtime.oci;

import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.HookCompiler;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.runtime.oci.Runner.Run;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.util.List;

/** Hooks that run when no plan of the container is at hand: poststart and poststop. */
final class HookRun {
  private final OciCaller caller;
  private final ContainerRecord record;
  private final Spec spec;

  private HookRun(OciCaller caller, ContainerRecord record, Spec spec) {
    this.caller = caller;
    this.record = record;
    this.spec = spec;
  }

  static HookRun of(OciCaller caller, ContainerRecord record, Spec spec) {
    return new HookRun(caller, record, spec);
  }

  /**
   * Runs hooks in order, in the caller; the first that fails ends it.
   *
   * @param pid the container's first process, 0 for none
   * @throws dev.coffer.runtime.monitor.StartException that names the hook
   */
  void run(List<Hook> hooks, String kind, ContainerStatus status, int pid) throws IOException {
    if (hooks.isEmpty()) {
      return;
    }
    Plan plan =
        HookCompiler.compile(
            caller.facts().architecture(),
            spec,
            record.id(),
            record.bundle(),
            HookEnvironment.complete(hooks, caller.environment()),
            kind,
            status,
            pid);
    // The plan has one stage: when this returns it is over.
    caller.runner().run(Run.alone(Program.of(plan), List.of())).close();
  }

  /** Runs each hook, whatever became of those before it: a failure is a warning. */
  void runAll(List<Hook> hooks, String kind, ContainerStatus status, int pid) {
    for (Hook hook : hooks) {
      try {
        run(List.of(hook), kind, status, pid);
      } catch (IOException e) {
        caller
            .warning()
            .accept("container \"" + record.id() + "\": " + kind + ": " + e.getMessage());
      }
    }
  }
}

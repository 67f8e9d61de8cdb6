package dev.coffer.plan.compile;

import dev.coffer.plan.op.ChangeDirectory;
import dev.coffer.plan.op.Hook;
import dev.coffer.plan.op.LearnPid;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hooks of a container (runtime-spec, config.md, POSIX-platform Hooks). */
final class HookPlanner {
  private static final long MILLIS = 1000;
  private final Spec spec;
  private final String id;
  private final String bundle;
  private final Origins origins;
  private final Optional<Slot> output;

  HookPlanner(Spec spec, String id, String bundle, Origins origins, Optional<Slot> output) {
    this.spec = spec;
    this.id = id;
    this.bundle = bundle;
    this.origins = origins;
    this.output = output;
  }

  /** The container's state, with a mark for the pid. */
  State state(ContainerStatus status) {
    return state(status, Optional.of(PidMark.PID));
  }

  /** Hooks that are told the pid of the container's init as it is when the plan runs. */
  List<Op> run(List<dev.coffer.spec.runtime.Hook> hooks, String kind, ContainerStatus status) {
    if (hooks.isEmpty()) {
      return List.of();
    }
    List<String> parts = PidMark.parts(Json.write(state(status).toJson()));
    return each(hooks, kind, parts.getFirst(), Optional.of(SlotTable.INIT_PID), parts.getLast());
  }

  /** Hooks for a container whose state is known. */
  List<Op> run(
      List<dev.coffer.spec.runtime.Hook> hooks,
      String kind,
      ContainerStatus status,
      Optional<Integer> pid) {
    return each(hooks, kind, Json.write(state(status, pid).toJson()), Optional.empty(), "");
  }

  /**
   * The hooks between a container's mounts and its root, on either side of the handshake.
   *
   * @param monitor gets those of the host's namespaces
   * @param stage the container's
   * @return those that init runs itself
   */
  List<Op> beforePivot(Hooks wanted, List<Op> monitor, int stage, Slot root) {
    List<Op> ops = new ArrayList<>();
    if (!wanted.prestart().isEmpty() || !wanted.createRuntime().isEmpty()) {
      monitor.add(Sync.receive(stage, 'h', "the container's namespaces and mounts are there"));
      monitor.addAll(run(wanted.prestart(), "prestart", ContainerStatus.CREATING));
      monitor.addAll(run(wanted.createRuntime(), "createRuntime", ContainerStatus.CREATING));
      monitor.add(Sync.send(stage, 'g', "the hooks have run"));
      ops.add(Sync.send(Sync.PARENT, 'h', "the container's namespaces and mounts are there"));
      ops.add(Sync.receive(Sync.PARENT, 'g', "the hooks have run"));
    }
    if (!wanted.createContainer().isEmpty() || !wanted.startContainer().isEmpty()) {
      ops.add(new LearnPid(SlotTable.INIT_PID, "hooks"));
    }
    if (!wanted.createContainer().isEmpty()) {
      String why = "createContainer hooks find the container's files from where they are";
      ops.add(new ChangeDirectory(root, "/", false, why));
    }
    ops.addAll(run(wanted.createContainer(), "createContainer", ContainerStatus.CREATING));
    return ops;
  }

  private List<Op> each(
      List<dev.coffer.spec.runtime.Hook> hooks,
      String kind,
      String head,
      Optional<Slot> pid,
      String tail) {
    List<Op> ops = new ArrayList<>();
    for (int index = 0; index < hooks.size(); index++) {
      dev.coffer.spec.runtime.Hook hook = hooks.get(index);
      ops.add(
          new Hook(
              kind,
              index,
              hook.path(),
              hook.args().isEmpty() ? List.of(hook.path()) : hook.args(),
              hook.env(),
              head,
              tail,
              pid,
              output,
              hook.timeout().orElse(0) * MILLIS,
              origins.of("hooks." + kind + "[" + index + "]")));
    }
    return ops;
  }

  private State state(ContainerStatus status, Optional<Integer> pid) {
    return new State(
        spec.ociVersion(), id, status, pid, bundle, spec.annotations(), JsonObject.EMPTY);
  }
}

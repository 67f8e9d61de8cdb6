package dev.coffer.plan.compile;

import dev.coffer.plan.op.Hook;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.Slot;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerStatus;
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

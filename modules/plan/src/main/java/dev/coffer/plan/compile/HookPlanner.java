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
  /** A pid that no process has: where the real one is put in when the plan runs. */
  private static final int MARK = Integer.MAX_VALUE;

  private static final int MILLIS = 1000;
  private final Spec spec;
  private final ContainerInputs inputs;
  private final Origins origins;
  private final Optional<Slot> output;

  HookPlanner(Spec spec, ContainerInputs inputs, Origins origins, SlotTable slots) {
    this.spec = spec;
    this.inputs = inputs;
    this.origins = origins;
    this.output = inputs.hookOutput().map(slots::input);
  }

  /** The container's state, with a mark for the pid. */
  State state(ContainerStatus status) {
    return new State(
        spec.ociVersion(),
        inputs.id(),
        status,
        Optional.of(MARK),
        inputs.bundle(),
        spec.annotations(),
        JsonObject.EMPTY);
  }

  List<Op> run(
      List<dev.coffer.spec.runtime.Hook> hooks,
      String kind,
      ContainerStatus status,
      boolean mayFail) {
    List<Op> ops = new ArrayList<>();
    if (hooks.isEmpty()) {
      return ops;
    }
    String json = Json.write(state(status).toJson());
    int at = json.indexOf(Integer.toString(MARK));
    String head = json.substring(0, at);
    String tail = json.substring(at + Integer.toString(MARK).length());
    for (int index = 0; index < hooks.size(); index++) {
      dev.coffer.spec.runtime.Hook hook = hooks.get(index);
      ops.add(
          new Hook(
              hook.path(),
              hook.args().isEmpty() ? List.of(hook.path()) : hook.args(),
              hook.env(),
              head,
              tail,
              SlotTable.INIT_PID,
              output,
              hook.timeout().orElse(0) * (long) MILLIS,
              mayFail,
              origins.of("hooks." + kind + "[" + index + "]")));
    }
    return ops;
  }
}

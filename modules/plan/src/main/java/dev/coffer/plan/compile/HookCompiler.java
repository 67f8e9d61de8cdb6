package dev.coffer.plan.compile;

import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Spec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles hooks that run by themselves: after the container has started, or when it is gone. */
public final class HookCompiler {
  private static final String STAGE = "coffer:hooks";

  private HookCompiler() {}

  /**
   * A plan of one stage that runs hooks in order.
   *
   * @param spec the container's
   * @param bundle path of its bundle
   * @param kind name of the list in the config, such as {@code poststop}
   * @param status what the hooks are told
   * @param pid the container's first process, 0 for none
   */
  public static Plan compile(
      Architecture architecture,
      Spec spec,
      String id,
      String bundle,
      List<Hook> hooks,
      String kind,
      ContainerStatus status,
      int pid) {
    SlotTable slots = new SlotTable(List.of());
    HookPlanner planner =
        new HookPlanner(spec, id, bundle, new Origins(Map.of()), Optional.empty());
    Optional<Integer> known = pid == 0 ? Optional.empty() : Optional.of(pid);
    Stage stage = new Stage(STAGE, planner.run(hooks, kind, status, known));
    return new Plan(architecture, List.of(stage), slots.names(), slots.inputSlots());
  }
}

package dev.coffer.plan.compile;

import dev.coffer.plan.op.BringUpLoopback;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.NewNamespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.Sync;
import java.util.List;
import java.util.Optional;

/**
 * A birth before the cgroups of version 1 are there: init makes its network namespace while the
 * monitor makes them, half a millisecond each. Then it joins them, before it does anything else.
 */
final class CgroupsMeanwhile {
  private static final char TAG = 'j';
  private static final String WHY = "the cgroups are there";

  private CgroupsMeanwhile() {}

  /** Init opens the cgroups, so it has to have the monitor's rights and files. */
  static boolean isPossible(
      ContainerInputs inputs, NamespaceChoice namespaces, CgroupPlanner cgroups) {
    return inputs.scope().isEmpty()
        && namespaces.creates(Namespace.NETWORK)
        && namespaces.creates(Namespace.MOUNT)
        && !namespaces.remapped()
        && cgroups.mayComeAfterBirth();
  }

  /** What init does first. */
  static List<Op> first(String why) {
    return List.of(
        new NewNamespace(Namespace.NETWORK, Optional.empty(), why),
        new BringUpLoopback(why),
        Sync.receive(Sync.PARENT, TAG, WHY));
  }

  /** What the monitor does when they are there. */
  static Op done(int stage) {
    return Sync.send(stage, TAG, WHY);
  }
}

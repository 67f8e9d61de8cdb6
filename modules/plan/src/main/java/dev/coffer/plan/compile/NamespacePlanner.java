package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.EnterNamespace;
import dev.coffer.plan.op.LeaveNamespace;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.NewNamespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.WriteFile;
import dev.coffer.spec.runtime.TimeOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The namespaces that clone3(2) alone cannot give: those that are joined, and time. The monitor
 * enters some for the moment of birth and returns; init enters the others itself.
 */
final class NamespacePlanner {
  private static final String FIELD = "linux.namespaces";
  private final NamespaceChoice choice;
  private final Map<String, TimeOffset> timeOffsets;
  private final SlotTable slots;
  private final Origins origins;
  private final boolean mayStay;
  private final List<Op> afterBirth = new ArrayList<>();

  /**
   * Plans the namespaces that a container has.
   *
   * @param mayStay whether what the monitor starts after init may be born where init was
   */
  NamespacePlanner(
      NamespaceChoice choice,
      Map<String, TimeOffset> timeOffsets,
      SlotTable slots,
      Origins origins,
      boolean mayStay) {
    this.choice = choice;
    this.timeOffsets = timeOffsets;
    this.slots = slots;
    this.origins = origins;
    this.mayStay = mayStay;
  }

  /** What the monitor does before init is born. */
  List<Op> beforeBirth() {
    List<Op> ops = new ArrayList<>();
    for (NamespaceChoice.Joined joined : choice.joined()) {
      if (choice.joinsBeforeBirth(joined.namespace())) {
        Slot own = slots.add("own-" + joined.namespace().file());
        ops.add(enter(joined, Optional.of(own)));
        afterBirth.addFirst(
            new LeaveNamespace(joined.namespace(), own, mayStay, origins.of(FIELD)));
      }
    }
    if (choice.creates(Namespace.TIME)) {
      Slot own = slots.add("own-time");
      ops.add(new NewNamespace(Namespace.TIME, Optional.of(own), origins.of(FIELD)));
      afterBirth.addFirst(new LeaveNamespace(Namespace.TIME, own, mayStay, origins.of(FIELD)));
      timeOffsets.forEach((clock, offset) -> ops.add(offset(clock, offset)));
    } else if (!timeOffsets.isEmpty()) {
      throw new PlanException("linux.timeOffsets: needs a new time namespace");
    }
    return ops;
  }

  /** What the monitor does once init is born; asked for after {@link #beforeBirth}. */
  List<Op> afterBirth() {
    return afterBirth;
  }

  /**
   * What is entered by init, or by who gives birth to it. A user namespace comes last: whoever is
   * in it has no right to namespaces that belong to the one around it, such as a time namespace
   * that a monitor made, while the rights of before reach into it.
   */
  List<Op> entries() {
    List<Op> ops = new ArrayList<>();
    List<Op> user = new ArrayList<>();
    for (NamespaceChoice.Joined joined : choice.joined()) {
      if (!choice.joinsBeforeBirth(joined.namespace())) {
        List<Op> into = joined.namespace() == Namespace.USER ? user : ops;
        into.add(enter(joined, Optional.empty()));
      }
    }
    ops.addAll(user);
    return ops;
  }

  /** What init makes once it is in its user namespace. */
  List<Op> created() {
    return choice.createdByInit().stream()
        .<Op>map(each -> new NewNamespace(each, Optional.empty(), origins.of(FIELD)))
        .toList();
  }

  private Op enter(NamespaceChoice.Joined joined, Optional<Slot> own) {
    return new EnterNamespace(
        joined.namespace(),
        joined.path(),
        joined.descriptor(),
        joined.namespace().flag(),
        own,
        origins.of(FIELD));
  }

  private Op offset(String clock, TimeOffset offset) {
    String content =
        "%s %d %d".formatted(clock, offset.secs().orElse(0L), offset.nanosecs().orElse(0L));
    return WriteFile.of("/proc/self/timens_offsets", content, origins.of("linux.timeOffsets"));
  }
}

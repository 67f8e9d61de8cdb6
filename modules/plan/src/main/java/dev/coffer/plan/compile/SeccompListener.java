package dev.coffer.plan.compile;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.ConnectSocket;
import dev.coffer.plan.op.GrabDescriptor;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.SendDescriptor;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.runtime.ContainerProcessState;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.State;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The way of a filter's notify descriptor to its agent. The process that loads the filter offers
 * the descriptor by memory alone, since the filter may trap any call; its parent fetches it, and
 * the monitor sends it on.
 */
final class SeccompListener {
  private static final String FIELD = "linux.seccomp";

  private final String path;
  private final Optional<String> metadata;
  private final Slot descriptor;
  private final Slot agent;

  private SeccompListener(String path, Optional<String> metadata, Slot descriptor, Slot agent) {
    this.path = path;
    this.metadata = metadata;
    this.descriptor = descriptor;
    this.agent = agent;
  }

  /** Empty when the filter notifies nobody. */
  static Optional<SeccompListener> of(
      Optional<Seccomp> seccomp, Optional<SeccompFilter> filter, HostFacts facts, SlotTable slots) {
    if (filter.filter(SeccompFilter::notifies).isEmpty()) {
      return Optional.empty();
    }
    Seccomp profile = seccomp.orElseThrow();
    check(profile, filter.get(), facts);
    String path =
        profile
            .listenerPath()
            .orElseThrow(
                () ->
                    new PlanException(
                        FIELD + ".listenerPath: missing, SCMP_ACT_NOTIFY needs an agent"));
    if (path.getBytes(StandardCharsets.UTF_8).length > ConnectSocket.LONGEST_PATH) {
      throw new PlanException(
          "%s.listenerPath: longer than %d bytes".formatted(FIELD, ConnectSocket.LONGEST_PATH));
    }
    return Optional.of(
        new SeccompListener(
            path,
            profile.listenerMetadata(),
            slots.add("seccomp-listener"),
            slots.add("seccomp-agent")));
  }

  private static void check(Seccomp profile, SeccompFilter filter, HostFacts facts) {
    if (!facts.has(Feature.SECCOMP_NOTIFY) || !facts.has(Feature.PIDFD_GETFD)) {
      throw PlanException.notSupported(FIELD, "SCMP_ACT_NOTIFY on this kernel");
    }
    boolean killable = (filter.flags() & SeccompFilter.WAIT_KILLABLE_RECV) != 0;
    if (killable && !facts.has(Feature.SECCOMP_WAIT_KILLABLE)) {
      throw PlanException.notSupported(
          FIELD + ".flags", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV on this kernel");
    }
    if (profile.defaultAction() == SeccompAction.NOTIFY) {
      throw new PlanException(
          FIELD + ".defaultAction: SCMP_ACT_NOTIFY cannot be the default (name the calls)");
    }
    boolean write =
        profile.syscalls().stream()
            .anyMatch(
                call -> call.action() == SeccompAction.NOTIFY && call.names().contains("write"));
    if (write) {
      throw new PlanException(
          FIELD
              + ".syscalls: SCMP_ACT_NOTIFY cannot be used for \"write\": a runtime writes before an"
              + " agent can answer");
    }
  }

  /** Where the process that loads the filter has the descriptor, and then who fetched it. */
  Slot descriptor() {
    return descriptor;
  }

  /** What the parent of the process that loads the filter does. */
  Op grab(Slot pidfd) {
    return new GrabDescriptor(
        pidfd, descriptor, "fetch the seccomp notify descriptor", FIELD + ".listenerPath");
  }

  /**
   * What the monitor does once it has the descriptor.
   *
   * @param state the container; a pid that is {@link PidMark#PID} stands for that of the process
   */
  List<Op> send(State state) {
    ContainerProcessState told =
        new ContainerProcessState(
            state.ociVersion(),
            List.of(ContainerProcessState.SECCOMP_FD),
            PidMark.PID,
            metadata,
            state);
    List<String> parts = PidMark.parts(Json.write(told.toJson()));
    String why = FIELD + ".listenerPath";
    return List.of(
        new ConnectSocket(path, agent, why),
        new SendDescriptor(
            "seccomp notify descriptor", agent, descriptor, parts, SlotTable.INIT_PID, why),
        new CloseSlots(List.of(agent, descriptor), why));
  }
}

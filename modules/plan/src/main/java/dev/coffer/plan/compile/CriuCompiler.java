package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.ArrangeDescriptors;
import dev.coffer.plan.op.AwaitProcess;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.Execute;
import dev.coffer.plan.op.KeepDescriptor;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenProcess;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.wire.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compiles what a caller does around a run of criu(8), which saves and restores containers.
 *
 * <pre>
 * caller's process                                 the compiler's user
 *   start, or a restoration's: criu is born  ──►     speaks with criu over a socket
 *   ends: criu is reaped                     ◄──     has its answer
 *     and what it has restored, which is the
 *     caller's child, is opened
 * </pre>
 */
public final class CriuCompiler {
  /** The input by which criu is spoken with: its descriptor 3. */
  public static final String SOCKET = "socket";

  /** The input that criu reads where it is to have nothing of the caller's. */
  public static final String NULL = "null";

  static final String STAGE = "coffer:criu";
  private static final String MONITOR = "coffer:monitor";
  private static final String TERMINAL = "master";

  /** The stage of criu itself. */
  static final int CRIU = 1;

  /** The descriptor at which criu finds the socket. */
  private static final String SOCKET_NUMBER = "3";

  private CriuCompiler() {}

  /**
   * A program that is criu.
   *
   * @param path absolute
   * @param environment {@code NAME=value} entries
   */
  public record Criu(String path, List<String> environment) {
    public Criu {
      environment = List.copyOf(environment);
    }

    Op execute(String why) {
      return new Execute(List.of(path, "swrk", SOCKET_NUMBER), environment, "", false, why);
    }
  }

  /** A plan that starts criu with two inputs, {@link #NULL} and {@link #SOCKET}. */
  public static Plan start(Architecture architecture, Criu criu, String why) {
    SlotTable slots = new SlotTable(List.of(NULL, SOCKET));
    Slot nothing = slots.input(NULL);
    List<Op> program =
        List.of(
            new ArrangeDescriptors(List.of(nothing, nothing, nothing, slots.input(SOCKET)), why),
            criu.execute(why));
    List<Stage> stages =
        List.of(
            new Stage(MONITOR, List.of(birth(Optional.empty(), why))), new Stage(STAGE, program));
    return new Plan(architecture, stages, slots.names(), slots.inputSlots());
  }

  static CloneStage birth(Optional<Slot> cgroup, String why) {
    return new CloneStage(
        CRIU,
        STAGE,
        0,
        cgroup,
        Optional.empty(),
        SlotTable.INIT_PID,
        Optional.of(SlotTable.INIT_PIDFD),
        why);
  }

  /**
   * A plan that starts criu in the cgroup of a container that is to be restored, with a mount
   * namespace of its own, in which the container's root is a mount.
   *
   * @throws PlanException when the container asks for what cannot be restored
   */
  public static Plan restoration(Criu criu, HostFacts facts, Restoration wanted) {
    return new RestorationPlanner(criu, facts, wanted).plan();
  }

  /**
   * A plan that reaps criu when it has ended.
   *
   * @param criu its pid
   */
  public static Plan end(Architecture architecture, int criu, String why) {
    SlotTable slots = new SlotTable(List.of());
    return new Plan(
        architecture,
        List.of(new Stage(MONITOR, List.of(await(criu, why)))),
        slots.names(),
        slots.inputSlots());
  }

  private static Op await(int criu, String why) {
    return new AwaitProcess(criu, "criu", why);
  }

  /**
   * A plan that reaps criu and opens the process that it has restored.
   *
   * @param criu its pid
   * @param restored pid of what it has restored
   * @param terminal whether the only input is the master of that process's terminal
   */
  public static Plan adoption(
      Architecture architecture, int criu, int restored, boolean terminal, String why) {
    SlotTable slots = new SlotTable(terminal ? List.of(TERMINAL) : List.of());
    List<Op> ops = new ArrayList<>(List.of(await(criu, why)));
    if (terminal) {
      ops.add(new KeepDescriptor(slots.input(TERMINAL), SlotTable.TERMINAL, why));
    }
    ops.add(new OpenProcess(restored, SlotTable.INIT_PIDFD, why));
    return new Plan(
        architecture, List.of(new Stage(MONITOR, ops)), slots.names(), slots.inputSlots());
  }
}

package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.ChangeDirectory;
import dev.coffer.plan.op.Execute;
import dev.coffer.plan.op.Op;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.util.List;

/** Why something could not be started, in the user's words. */
final class StartFailure {

  private static final int ENOENT = 2;
  private static final int ENOEXEC = 8;
  private static final int EACCES = 13;

  private StartFailure() {}

  /**
   * The failure of a plan.
   *
   * @param what such as {@code cannot start container "web"}
   */
  static EngineException of(String what, Plan plan, StartException cause) {
    return new EngineException(kind(plan, cause), what + ": " + cause.getMessage(), cause);
  }

  /** A failure on the way to a plan or to its monitor. */
  static EngineException of(String what, Exception cause) {
    return switch (cause) {
      case EngineException known -> known;
      case PlanException plan ->
          new EngineException(planKind(plan), what + ": " + plan.getMessage(), plan);
      case SpecException spec ->
          new EngineException(Kind.INVALID, what + ": " + spec.getMessage(), spec);
      case IllegalArgumentException bad ->
          new EngineException(Kind.INVALID, what + ": " + bad.getMessage(), bad);
      case IOException io -> new EngineException(Kind.FAILED, what + ": " + io.getMessage(), io);
      default -> new EngineException(Kind.FAILED, what + ": " + cause, cause);
    };
  }

  private static Kind planKind(PlanException cause) {
    return cause.getMessage().startsWith("not supported") ? Kind.NOT_SUPPORTED : Kind.INVALID;
  }

  /**
   * Only what exec itself refuses is the user's command, and its working directory; the same errno
   * of a mount is not.
   */
  private static Kind kind(Plan plan, StartException cause) {
    List<Op> operations = plan.operations();
    int op = cause.failed().op();
    if (op < 0 || op >= operations.size()) {
      return Kind.FAILED;
    }
    boolean usersOwn =
        operations.get(op) instanceof Execute || operations.get(op) instanceof ChangeDirectory;
    if (!usersOwn) {
      return Kind.FAILED;
    }
    return switch (cause.failed().errno()) {
      case ENOENT -> Kind.COMMAND_NOT_FOUND;
      case EACCES, ENOEXEC -> Kind.NOT_EXECUTABLE;
      default -> Kind.FAILED;
    };
  }
}

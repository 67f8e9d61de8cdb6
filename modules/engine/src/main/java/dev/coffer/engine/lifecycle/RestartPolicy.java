package dev.coffer.engine.lifecycle;

import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.state.ContainerState;
import java.time.Duration;

/** Whether and when a container that ended is started again; rules and times are Docker's. */
public final class RestartPolicy {

  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** A run of this length counts as a success: the delays begin anew. */
  private static final Duration STEADY = Duration.ofSeconds(10);

  private RestartPolicy() {}

  /** Whether the policy restarts at all, so that somebody must be there when the container ends. */
  public static boolean applies(LifecycleRequest request) {
    return switch (request.restartPolicy()) {
      case "always", "unless-stopped", "on-failure" -> true;
      default -> false;
    };
  }

  /** Whether a container that just ended is to be started again. */
  public static boolean afterEnd(LifecycleRequest request, ContainerState state) {
    return !state.stoppedByUser() && wants(request, state);
  }

  /** Whether a container that is found ended when the engine starts is to be started again. */
  public static boolean atEngineStart(LifecycleRequest request, ContainerState state) {
    boolean always = request.restartPolicy().equals("always");
    return state.startedAt().isPresent()
        && (always || !state.stoppedByUser())
        && wants(request, state);
  }

  private static boolean wants(LifecycleRequest request, ContainerState state) {
    return switch (request.restartPolicy()) {
      case "always", "unless-stopped" -> true;
      case "on-failure" ->
          state.exitCode() != 0
              && (request.restartMaximum() == 0 || state.restartCount() < request.restartMaximum());
      default -> false;
    };
  }

  /** How long to wait after a run of some length, given the wait before it. */
  public static Duration delay(Duration before, Duration ran) {
    if (before.isZero() || ran.compareTo(STEADY) >= 0) {
      return FIRST_DELAY;
    }
    Duration doubled = before.multipliedBy(2);
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }
}

package dev.coffer.runtime.oci;

import dev.coffer.kernel.Epoll;
import dev.coffer.kernel.Fd;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.cgroup.OomWatch;
import dev.coffer.spec.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code events}: what a container uses, and when it runs out of memory. */
public final class ContainerEvents {
  private static final int ENDED = 0;
  private static final int MEMORY = 1;

  /** How long a caller that has left may go unnoticed. */
  private static final Duration STEP = Duration.ofSeconds(1);

  private final OciCaller caller;
  private final String id;
  private final Cgroup cgroup;
  private final Fd init;

  private ContainerEvents(OciCaller caller, String id, Cgroup cgroup, Fd init) {
    this.caller = caller;
    this.id = id;
    this.cgroup = cgroup;
    this.init = init;
  }

  /** What a running container uses now, as an event. */
  public static JsonObject statistics(OciCaller caller, String id) throws IOException {
    try (Fd init = open(caller, id)) {
      return new ContainerEvents(caller, id, cgroup(caller, id), init).statistics();
    }
  }

  /**
   * Tells events until the container has ended.
   *
   * @param interval between two statistics
   */
  public static void follow(
      OciCaller caller, String id, Duration interval, Consumer<JsonObject> sink)
      throws IOException {
    try (Fd init = open(caller, id)) {
      new ContainerEvents(caller, id, cgroup(caller, id), init).follow(interval, sink);
    }
  }

  private static Fd open(OciCaller caller, String id) throws IOException {
    Optional<ContainerRecord> record = caller.states().get(id).record();
    return (record.isPresent() ? Liveness.open(record.get()) : Optional.<Fd>empty())
        .orElseThrow(
            () ->
                new OciException(
                    "cannot tell events of container \"" + id + "\": container not running"));
  }

  private static Cgroup cgroup(OciCaller caller, String id) throws IOException {
    ContainerRecord record = caller.states().get(id).record().orElseThrow();
    ContainerGroup.require(record, "cannot tell events of container \"" + id + "\": ");
    return ContainerGroup.of(caller, record);
  }

  private JsonObject statistics() {
    return JsonObject.builder()
        .put("type", "stats")
        .put("id", id)
        .put("data", cgroup.usage())
        .build();
  }

  private void follow(Duration interval, Consumer<JsonObject> sink) throws IOException {
    Optional<OomWatch> memory = cgroup.watchOom();
    try (Epoll epoll = Epoll.open()) {
      epoll.add(init, Epoll.READABLE, ENDED);
      if (memory.isPresent()) {
        memory.get().watchBy(epoll, MEMORY);
      }
      long next = System.nanoTime() + interval.toNanos();
      boolean ended = false;
      while (!ended) {
        Duration left = Duration.ofNanos(Math.max(0, next - System.nanoTime()));
        List<Epoll.Event> events = caller.runner().await(() -> await(epoll, left));
        if (memory.isPresent() && memory.get().poll()) {
          sink.accept(JsonObject.builder().put("type", "oom").put("id", id).build());
        }
        ended = events.stream().anyMatch(event -> event.tag() == ENDED);
        if (!ended && System.nanoTime() - next >= 0) {
          sink.accept(statistics());
          next += interval.toNanos();
        }
      }
    } finally {
      memory.ifPresent(OomWatch::close);
    }
  }

  private static List<Epoll.Event> await(Epoll epoll, Duration limit) {
    try {
      List<Epoll.Event> events = epoll.await(limit.compareTo(STEP) < 0 ? limit : STEP);
      if (Thread.interrupted()) {
        throw new OciException("the caller has left");
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

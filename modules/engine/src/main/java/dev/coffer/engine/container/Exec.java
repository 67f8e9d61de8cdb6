package dev.coffer.engine.container;

import dev.coffer.engine.model.ExecRequest;
import dev.coffer.runtime.monitor.MonitorConnection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A process that is or was added to a container. It lives in memory, as long as its container. */
public final class Exec {

  private final String id;
  private final Container container;
  private final ExecRequest request;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private volatile Optional<MonitorConnection> connection = Optional.empty();

  /** One that has not been started. */
  public Exec(String id, Container container, ExecRequest request) {
    this.id = id;
    this.container = container;
    this.request = request;
  }

  /** The full id. */
  public String id() {
    return id;
  }

  /** Where it runs. */
  public Container container() {
    return container;
  }

  /** What runs. */
  public ExecRequest request() {
    return request;
  }

  /** Claims the one start that an exec has; false when it was claimed before. */
  public boolean claimStart() {
    return claimed.compareAndSet(false, true);
  }

  /** Completes with the exit code, or with the failure of its start. */
  public CompletableFuture<Integer> exitCode() {
    return exitCode;
  }

  /** The connection to its monitor; empty before the start. */
  public Optional<MonitorConnection> connection() {
    return connection;
  }

  /** Notes that it runs. */
  public void setConnection(MonitorConnection running) {
    connection = Optional.of(running);
  }

  /** Whether it runs now. */
  public boolean isRunning() {
    return connection.isPresent() && !exitCode.isDone();
  }
}

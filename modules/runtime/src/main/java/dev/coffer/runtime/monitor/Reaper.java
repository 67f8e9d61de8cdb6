package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Waits for the monitors that this engine started, so that none stays as a zombie; also for those
 * that outlive it in a JVM that lives on.
 */
final class Reaper implements AutoCloseable {

  private final Watch watch;

  private Reaper(Watch watch) {
    this.watch = watch;
  }

  /** Begins, with nobody to wait for. */
  static Reaper start() throws KernelException {
    return new Reaper(Watch.start("reaper"));
  }

  /**
   * Takes a child over.
   *
   * @return completes when it has ended and is no zombie any more
   */
  CompletableFuture<Void> adopt(Child child) throws KernelException {
    AtomicLong tag = new AtomicLong();
    CompletableFuture<Void> reaped = new CompletableFuture<>();
    synchronized (tag) {
      tag.set(watch.add(child.pidfd(), () -> ended(child, tag, reaped)));
    }
    return reaped;
  }

  private void ended(Child child, AtomicLong tag, CompletableFuture<Void> reaped) {
    synchronized (tag) {
      try {
        if (Pidfd.poll(child.pidfd()).isEmpty()) {
          return;
        }
      } catch (KernelException e) {
        System.getLogger(Reaper.class.getName())
            .log(System.Logger.Level.WARNING, "cannot wait for monitor " + child.pid(), e);
      }
      watch.remove(tag.get(), child.pidfd());
      child.close();
      reaped.complete(null);
    }
  }

  /** Takes no more; those that it has are waited for. */
  @Override
  public void close() {
    watch.endWhenIdle();
  }
}

package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Waits for the monitors that this engine started, so that none stays as a zombie. */
final class Reaper {

  private final Watch watch;

  Reaper(Watch watch) {
    this.watch = watch;
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
}

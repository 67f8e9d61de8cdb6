package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Epoll;
import dev.coffer.kernel.EventFd;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One thread that waits for all monitors: a thousand containers must not cost a thousand threads.
 *
 * <p>A watcher is called on that thread whenever its descriptor is readable, and must neither wait
 * nor take long.
 */
final class Watch implements AutoCloseable {
  private static final long WAKE = 0;

  private final Epoll epoll;
  private final Fd wake;
  private final Thread thread;
  private final Map<Long, Runnable> watchers = new ConcurrentHashMap<>();
  private final AtomicLong tags = new AtomicLong(WAKE);
  private volatile boolean closed;
  private volatile boolean endsWhenIdle;

  private Watch(String name, Epoll epoll, Fd wake) {
    this.epoll = epoll;
    this.wake = wake;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /** Starts the thread, which has a name. */
  static Watch start(String name) throws KernelException {
    Epoll epoll = Epoll.open();
    Fd wake = EventFd.open();
    epoll.add(wake, Epoll.READABLE, WAKE);
    Watch watch = new Watch(name, epoll, wake);
    watch.thread.start();
    return watch;
  }

  /**
   * Watches a descriptor, which must stay open until {@link #remove}.
   *
   * @return the tag by which it is removed
   */
  long add(Fd fd, Runnable whenReadable) throws KernelException {
    long tag = tags.incrementAndGet();
    watchers.put(tag, whenReadable);
    try {
      epoll.add(fd, Epoll.READABLE, tag);
    } catch (KernelException e) {
      watchers.remove(tag);
      throw e;
    }
    return tag;
  }

  /** Stops watching; a watcher that runs already is not waited for. */
  void remove(long tag, Fd fd) {
    if (watchers.remove(tag) != null && !closed) {
      try {
        epoll.remove(fd);
      } catch (KernelException e) {
        System.getLogger(Watch.class.getName())
            .log(System.Logger.Level.WARNING, "cannot stop watching descriptor {0}: {1}", fd, e);
      }
    }
  }

  private void run() {
    try (epoll) {
      while (!closed && !(endsWhenIdle && watchers.isEmpty())) {
        for (Epoll.Event event : epoll.await(null)) {
          if (event.tag() == WAKE) {
            EventFd.clear(wake);
          }
          Runnable watcher = watchers.get(event.tag());
          if (watcher != null) {
            watcher.run();
          }
        }
      }
    } catch (KernelException | RuntimeException e) {
      System.getLogger(Watch.class.getName())
          .log(System.Logger.Level.ERROR, "monitors are watched no more", e);
    } finally {
      synchronized (wake) {
        wake.close();
      }
    }
  }

  private void wake() {
    synchronized (wake) {
      if (!wake.isOpen()) {
        // The thread has seen by itself that it is to end.
        return;
      }
      try {
        EventFd.signal(wake);
      } catch (KernelException e) {
        System.getLogger(Watch.class.getName())
            .log(System.Logger.Level.WARNING, "cannot wake the thread that watches monitors", e);
      }
    }
  }

  /** Has the thread end once nothing is watched any more. Nothing may be added from here on. */
  void endWhenIdle() {
    endsWhenIdle = true;
    wake();
  }

  /** Ends the thread and waits for it, so that no watcher is called any more afterwards. */
  @Override
  public void close() {
    closed = true;
    wake();
    try {
      if (!Thread.currentThread().equals(thread)) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

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

  private Watch(Epoll epoll, Fd wake) {
    this.epoll = epoll;
    this.wake = wake;
    this.thread = Thread.ofPlatform().daemon().name("monitors").unstarted(this::run);
  }

  static Watch start() throws KernelException {
    Epoll epoll = Epoll.open();
    Fd wake = EventFd.open();
    epoll.add(wake, Epoll.READABLE, WAKE);
    Watch watch = new Watch(epoll, wake);
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
      while (!closed) {
        for (Epoll.Event event : epoll.await(null)) {
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
      wake.close();
    }
  }

  /** Ends the thread and waits for it, so that no watcher is called any more afterwards. */
  @Override
  public void close() {
    closed = true;
    try {
      EventFd.signal(wake);
      if (!Thread.currentThread().equals(thread)) {
        thread.join();
      }
    } catch (KernelException e) {
      System.getLogger(Watch.class.getName())
          .log(System.Logger.Level.WARNING, "cannot wake the thread that watches monitors", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

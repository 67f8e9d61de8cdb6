package dev.coffer.cli.server;

import dev.coffer.cli.request.CallerGoneException;
import java.util.function.Supplier;

/**
 * Breaks off what a command waits for. Only what waits is interrupted: an interrupt in the midst of
 * writing state would close files.
 */
final class Breaker {

  /** Ends what is waited for; null while nothing is. */
  private Runnable waiting;

  private boolean broken;
  private int signal;

  /**
   * Runs an action that may be interrupted.
   *
   * @throws CallerGoneException when it was broken off, before or while it ran
   */
  <T> T await(Supplier<T> action) {
    return await(action, Thread.currentThread()::interrupt);
  }

  /**
   * The same for an action that is ended in a way of its own.
   *
   * @param end called by another thread, or by the action itself
   */
  <T> T await(Supplier<T> action, Runnable end) {
    enter(end);
    try {
      T result = action.get();
      leave();
      return result;
    } catch (RuntimeException e) {
      if (leave()) {
        throw new CallerGoneException();
      }
      throw e;
    }
  }

  private synchronized void enter(Runnable end) {
    if (broken) {
      throw new CallerGoneException();
    }
    waiting = end;
  }

  /** Ends the region in which an interrupt may come; answers whether it was broken off. */
  private synchronized boolean leave() {
    waiting = null;
    if (broken) {
      // The interrupt has done its work, or came too late for it.
      boolean ignored = Thread.interrupted();
    }
    return broken;
  }

  /** The caller has left, or the engine ends. */
  synchronized void breakOff() {
    broken = true;
    if (waiting != null) {
      waiting.run();
    }
  }

  /**
   * The caller asks for the end by a signal, and is to die of it.
   *
   * @return whether there was something to break off
   */
  synchronized boolean signal(int number) {
    if (signal == 0) {
      signal = number;
    }
    boolean waits = waiting != null;
    breakOff();
    return waits;
  }

  /** Whether it was. */
  synchronized boolean isBroken() {
    return broken;
  }

  /** The signal that broke it off, or 0. */
  synchronized int signal() {
    return signal;
  }
}

package dev.coffer.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The owner of a file descriptor.
 *
 * <p>Every descriptor that the facade opens is close-on-exec from birth. Closing is idempotent. The
 * owner must not close while another thread uses the descriptor: its number may be given out again
 * at once.
 */
public final class Fd implements AutoCloseable {
  /** The working directory ({@code AT_FDCWD}): for absolute paths. Closing it does nothing. */
  public static final Fd CWD = new Fd(-100);

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOSED = -1;

  private final AtomicInteger number;

  private Fd(int number) {
    this.number = new AtomicInteger(number);
  }

  /** Takes the ownership of an open descriptor. */
  public static Fd of(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("not a descriptor: " + number);
    }
    return new Fd(number);
  }

  /** The number, still owned here; a closed or released one is an {@link IllegalStateException}. */
  public int number() {
    int current = number.get();
    if (current == CLOSED) {
      throw new IllegalStateException("descriptor is closed");
    }
    return current;
  }

  /** Whether it is neither closed nor released. */
  public boolean isOpen() {
    return number.get() != CLOSED;
  }

  /** A second descriptor of the same open file, of 3 or more. */
  public Fd duplicate() throws KernelException {
    return duplicate(3);
  }

  /** A second descriptor of the same open file, of that number or more. */
  Fd duplicate(int least) throws KernelException {
    long result = Syscall.call(Call.FCNTL, number(), F_DUPFD_CLOEXEC, least);
    if (result < 0) {
      throw KernelException.of(Call.FCNTL, result, this, "F_DUPFD_CLOEXEC");
    }
    return of((int) result);
  }

  /** Gives the ownership away: the number, which this object then forgets. */
  public int release() {
    int current = number();
    number.set(CLOSED);
    return current;
  }

  /** The path under which this process's own descriptor can be opened again or named. */
  public String procPath() {
    return "/proc/self/fd/" + number();
  }

  /**
   * Closes it. An error is not reported: the descriptor is gone whatever {@code close(2)} answers,
   * and who must know whether data arrived calls {@link FileData#sync} before.
   */
  @Override
  public void close() {
    if (this == CWD) {
      return;
    }
    int current = number.getAndSet(CLOSED);
    if (current != CLOSED) {
      long ignored = Syscall.call(Call.CLOSE, current);
    }
  }

  /** The number as text, {@code cwd} or {@code closed}. */
  @Override
  public String toString() {
    int current = number.get();
    return this == CWD ? "cwd" : current == CLOSED ? "closed" : Integer.toString(current);
  }
}

package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waiting for many descriptors at once, see {@code epoll(7)}; level-triggered. */
public final class Epoll implements AutoCloseable {
  /** Something can be read (or accepted, or the stream ended). */
  public static final int READABLE = 1;

  /** Something exceptional has come, such as another count in a file of a cgroup. */
  public static final int URGENT = 2;

  /** Something can be written. */
  public static final int WRITABLE = 4;

  private static final int ADD = 1;
  private static final int DELETE = 2;
  private static final int BATCH = 64;

  /** The structure is packed on x86-64 alone, see linux/eventpoll.h. */
  private static final int EVENT_SIZE = Architecture.choose(12, 16);

  private static final int DATA_OFFSET = Architecture.choose(4, 8);

  private final Fd epoll;

  private Epoll(Fd epoll) {
    this.epoll = epoll;
  }

  /**
   * One ready descriptor.
   *
   * @param tag what it was added with
   * @param events bits of this class, and those for errors and hang-ups
   */
  public record Event(long tag, int events) {}

  /** A new, empty one. */
  public static Epoll open() throws KernelException {
    long result = Syscall.call(Call.EPOLL_CREATE1, OpenFlags.CLOEXEC);
    if (result < 0) {
      throw KernelException.of(Call.EPOLL_CREATE1, result);
    }
    return new Epoll(Fd.of((int) result));
  }

  /** Watches a descriptor from now on; a regular file is {@code EPERM}. */
  public void add(Fd fd, int events, long tag) throws KernelException {
    control(ADD, fd, events, tag);
  }

  /** Watches it no more. */
  public void remove(Fd fd) throws KernelException {
    control(DELETE, fd, 0, 0);
  }

  /** Waits until something is ready, or for as long as that; null: for ever. */
  public List<Event> await(Duration timeout) throws KernelException {
    long milliseconds = timeout == null ? -1 : Math.max(0, timeout.plusNanos(999_999).toMillis());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) EVENT_SIZE * BATCH, 8);
      long count =
          Syscall.call(
              Call.EPOLL_PWAIT, epoll.number(), events.address(), BATCH, milliseconds, 0, 8);
      if (count < 0) {
        throw KernelException.of(Call.EPOLL_PWAIT, count, epoll);
      }
      List<Event> ready = new ArrayList<>((int) count);
      for (long at = 0; at < count * EVENT_SIZE; at += EVENT_SIZE) {
        ready.add(
            new Event(
                NativeWords.getLong(events, at + DATA_OFFSET), NativeWords.getInt(events, at)));
      }
      return List.copyOf(ready);
    }
  }

  @Override
  public void close() {
    epoll.close();
  }

  private void control(int operation, Fd fd, int events, long tag) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_SIZE, 8);
      NativeWords.setInt(event, 0, events);
      NativeWords.setLong(event, DATA_OFFSET, tag);
      long result =
          Syscall.call(Call.EPOLL_CTL, epoll.number(), operation, fd.number(), event.address());
      if (result < 0) {
        throw KernelException.of(Call.EPOLL_CTL, result, epoll, operation, fd);
      }
    }
  }
}

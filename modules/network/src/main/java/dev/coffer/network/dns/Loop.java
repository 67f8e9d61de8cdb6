package dev.coffer.network.dns;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/**
 * One thread that waits for sockets and for moments. All state of the resolver belongs to it; other
 * threads have things done on it. Nothing that is done there may wait.
 */
final class Loop implements AutoCloseable {

  /** Who uses a socket. */
  interface Handler {
    /** The socket is ready for what it was registered for. */
    void ready() throws IOException;

    /** {@link #ready} failed: lets go of the socket. */
    void failed();
  }

  private static final int LARGEST_MESSAGE = 65_535;

  private final Selector selector;
  private final TreeSet<Timer> timers = new TreeSet<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_MESSAGE);
  private long timersMade;

  private final List<Task> tasks = new ArrayList<>();
  private boolean ended;

  /** Something to be done on the loop. */
  interface Work {
    void run() throws IOException;
  }

  private static final class Task {
    private final Work work;
    private final CountDownLatch done = new CountDownLatch(1);
    private Exception failure;

    Task(Work work) {
      this.work = work;
    }

    void run() {
      try {
        work.run();
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
    }
  }

  private Loop(Selector selector) {
    this.selector = selector;
  }

  static Loop start() throws IOException {
    Loop loop = new Loop(Selector.open());
    Thread.ofPlatform().daemon().name("coffer-dns").start(loop::turn);
    return loop;
  }

  /** A buffer for the largest message; on the loop, until the handler returns. */
  ByteBuffer buffer() {
    return buffer.clear();
  }

  /** Watches a socket; on the loop. */
  SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, handler);
  }

  /** Does something later; on the loop. */
  Timer after(Duration delay, Runnable task) {
    Timer timer = new Timer(System.nanoTime() + delay.toNanos(), timersMade++, task);
    timers.add(timer);
    return timer;
  }

  /** Something to be done at a moment, unless it is called off. */
  final class Timer implements Comparable<Timer> {
    private final long due;
    private final long number;
    private final Runnable task;

    private Timer(long due, long number, Runnable task) {
      this.due = due;
      this.number = number;
      this.task = task;
    }

    /** Calls it off; nothing happens when it is over. On the loop. */
    void cancel() {
      timers.remove(this);
    }

    @Override
    public int compareTo(Timer other) {
      long difference = due - other.due;
      return Long.signum(difference == 0 ? number - other.number : difference);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }

  /**
   * Does something on the loop and waits for it; sockets that it closed are closed then.
   *
   * @return false when the loop has been closed, and nothing was done
   */
  boolean run(Work work) throws IOException {
    Task task = new Task(work);
    synchronized (tasks) {
      if (ended) {
        return false;
      }
      tasks.add(task);
    }
    selector.wakeup();
    await(task.done);
    return switch (task.failure) {
      case null -> true;
      case IOException failure -> throw failure;
      case Exception failure -> throw new IllegalStateException(failure);
    };
  }

  private static void await(CountDownLatch done) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        // What was begun on the loop ends soon, and may be the closing of a socket.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes all sockets and ends the thread. */
  @Override
  public void close() {
    close(() -> run(this::end));
  }

  private void end() {
    selector.keys().forEach(key -> close(key.channel()));
    synchronized (tasks) {
      ended = true;
    }
  }

  /** Closes a socket, of which nothing is expected any more. */
  static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      fault("cannot close a socket of the resolver", e);
    }
  }

  private void turn() {
    try {
      while (goesOn()) {
        doTasks();
        selector.select(Loop::handle, untilNextTimer());
        doWhatIsDue();
      }
    } catch (IOException | RuntimeException e) {
      fault("the resolver has ended", e);
    } finally {
      end();
      close(selector);
      finish(taken());
    }
  }

  private boolean goesOn() {
    synchronized (tasks) {
      return !ended;
    }
  }

  /**
   * Until there are none: the look at the sockets has taken in the waking of who came meanwhile.
   */
  private void doTasks() throws IOException {
    for (List<Task> taken = taken(); !taken.isEmpty(); taken = taken()) {
      try {
        taken.forEach(Task::run);
        // Only this lets go of sockets that were closed.
        selector.selectNow(Loop::handle);
      } finally {
        finish(taken);
      }
    }
  }

  private List<Task> taken() {
    synchronized (tasks) {
      List<Task> taken = List.copyOf(tasks);
      tasks.clear();
      return taken;
    }
  }

  private static void finish(List<Task> tasks) {
    tasks.forEach(task -> task.done.countDown());
  }

  private static void handle(SelectionKey key) {
    Handler handler = (Handler) key.attachment();
    try {
      if (key.isValid()) {
        handler.ready();
      }
    } catch (IOException e) {
      guarded(handler::failed);
    } catch (RuntimeException e) {
      fault("cannot handle a question about names", e);
      guarded(handler::failed);
    }
  }

  /** What goes wrong with one question ends that one, not the loop. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      fault("cannot go on with a question about names", e);
    }
  }

  private long untilNextTimer() {
    if (timers.isEmpty()) {
      return 0;
    }
    long nanos = timers.first().due - System.nanoTime();
    return Math.max(1, Duration.ofNanos(nanos).toMillis() + 1);
  }

  private void doWhatIsDue() {
    while (!timers.isEmpty() && timers.first().due - System.nanoTime() <= 0) {
      guarded(timers.pollFirst().task);
    }
  }

  private static void fault(String what, Exception cause) {
    System.getLogger(Loop.class.getName()).log(Level.WARNING, what, cause);
  }
}

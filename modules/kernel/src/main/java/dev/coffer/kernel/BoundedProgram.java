package dev.coffer.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Runs programs of the host to their end: something in, something out, within a time. Each leads a
 * session of its own, so what it has started ends with it when that time is over; what it leaves
 * running when it ends in time is left alone.
 *
 * @param start spawns them
 * @param time how long one may take
 * @param outputBytes how much one may say
 */
public record BoundedProgram(Start start, Duration time, int outputBytes) {
  private static final int SIGKILL = 9;
  private static final int SEEK_SET = 0;
  private static final int ERROR_BYTES = 4096;
  private static final int CHUNK = 1 << 16;

  /** How often the size of the output and an interrupt of the waiting thread are looked for. */
  private static final Duration GLANCE = Duration.ofMillis(100);

  /** How programs are spawned, and from where. */
  @FunctionalInterface
  public interface Start {
    /** Starts one. */
    Child spawn(SpawnRequest request) throws IOException;
  }

  /**
   * What is to run.
   *
   * @param path what to execute; no PATH search
   * @param arguments the first is the name that the program sees
   * @param environment {@code NAME=value} each; nothing is inherited
   * @param input what it reads
   */
  public record Call(String path, List<String> arguments, List<String> environment, String input) {
    public Call {
      arguments = List.copyOf(arguments);
      environment = List.copyOf(environment);
    }
  }

  /**
   * How one ended.
   *
   * @param code 0 to 255; 128 + signal where one ended it
   * @param text all that it wrote
   * @param errors the end of what it wrote to standard error
   */
  public record Output(int code, String text, String errors) {}

  /** A program took too long or said too much. It does not run any more. */
  public static final class LimitException extends IOException {
    private static final long serialVersionUID = 1;

    private LimitException(String message) {
      super(message);
    }
  }

  /**
   * Runs one.
   *
   * @throws LimitException when it takes too long or says too much
   */
  public Output run(Call call) throws IOException {
    try (Fd output = Memfd.open("output")) {
      return run(call, output);
    }
  }

  /**
   * Runs one whose output outlives this process, as the program itself does.
   *
   * @param output an empty file, open for reading and writing
   * @throws LimitException when it takes too long or says too much
   */
  public Output run(Call call, Fd output) throws IOException {
    try (Fd input = Memfd.open("input");
        Pipe errors = Pipe.open()) {
      FileData.writeAll(input, call.input().getBytes(StandardCharsets.UTF_8));
      FileData.seek(input, 0, SEEK_SET);
      SpawnRequest request =
          new SpawnRequest(
              call.path(),
              call.arguments(),
              call.environment(),
              List.of(input, output, errors.writer()),
              true);
      try (Child child = start.spawn(request)) {
        errors.writer().close();
        return new Listening(child, output, errors.reader()).toTheEnd();
      }
    }
  }

  /** A program that runs. */
  private final class Listening {
    private static final long ERRORS = 1;
    private static final long END = 2;

    private final Child child;
    private final Fd output;
    private final Fd errors;
    private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    private boolean errorsEnded;
    private boolean ended;

    Listening(Child child, Fd output, Fd errors) {
      this.child = child;
      this.output = output;
      this.errors = errors;
    }

    Output toTheEnd() throws IOException {
      WaitStatus status;
      boolean whole = false;
      try (Epoll epoll = Epoll.open()) {
        epoll.add(errors, Epoll.READABLE, ERRORS);
        epoll.add(child.pidfd(), Epoll.READABLE, END);
        listen(epoll);
        whole = true;
      } finally {
        if (!whole) {
          kill();
        }
        status = Pidfd.await(child.pidfd());
      }
      requireShort();
      return new Output(status.code(), said(), complaints());
    }

    private void listen(Epoll epoll) throws IOException {
      long deadline = System.nanoTime() + time.toNanos();
      while (!(ended && errorsEnded)) {
        List<Epoll.Event> events = epoll.await(GLANCE);
        if (ended && events.isEmpty()) {
          // Something that it has started holds the pipe.
          return;
        }
        for (Epoll.Event each : events) {
          take(epoll, each.tag());
        }
        requireShort();
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        if (!ended && System.nanoTime() - deadline > 0) {
          throw new LimitException("did not end within " + time.toSeconds() + " s");
        }
      }
    }

    private void take(Epoll epoll, long tag) throws KernelException {
      if (tag == END) {
        ended = true;
        epoll.remove(child.pidfd());
        return;
      }
      byte[] some = new byte[CHUNK];
      int count = FileData.read(errors, some, 0, some.length);
      if (count == 0) {
        errorsEnded = true;
        epoll.remove(errors);
      }
      complaints.write(some, 0, count);
      if (complaints.size() > 2 * CHUNK) {
        byte[] all = complaints.toByteArray();
        complaints.reset();
        complaints.write(all, all.length - ERROR_BYTES, ERROR_BYTES);
      }
    }

    private void requireShort() throws IOException {
      if (FileStat.of(output).size() > outputBytes) {
        throw new LimitException("said more than " + outputBytes + " bytes");
      }
    }

    private String said() throws KernelException {
      FileData.seek(output, 0, SEEK_SET);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      byte[] some = new byte[CHUNK];
      int count = FileData.read(output, some, 0, some.length);
      while (count > 0 && said.size() <= outputBytes) {
        said.write(some, 0, count);
        count = FileData.read(output, some, 0, some.length);
      }
      return said.toString(StandardCharsets.UTF_8);
    }

    private String complaints() {
      byte[] all = complaints.toByteArray();
      int from = Math.max(0, all.length - ERROR_BYTES);
      return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
    }

    /** It leads a session, and while it is not reaped nobody else has its number. */
    private void kill() {
      try {
        CurrentProcess.kill(-child.pid(), SIGKILL);
      } catch (KernelException e) {
        if (!e.is(Errno.ESRCH)) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}

package dev.coffer.engine.program;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FdInput;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Pipe;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.WaitStatus;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A program that runs for the engine: its output is read as a stream, what it says on standard
 * error is told line by line.
 */
public final class HostProcess implements AutoCloseable {
  private static final int SIGKILL = 9;

  /** Longer lines are told in pieces. */
  private static final int MAX_LINE = 4096;

  private final Child child;
  private final Fd output;
  private final Fd errors;
  private final Thread listener;
  private Optional<WaitStatus> end = Optional.empty();

  private HostProcess(Child child, Fd output, Fd errors, Consumer<String> messages) {
    this.child = child;
    this.output = output;
    this.errors = errors;
    this.listener =
        Thread.ofPlatform().daemon().name("coffer-program").start(() -> listen(messages));
  }

  /**
   * Starts one in a session of its own.
   *
   * @param command the program's path and its arguments
   * @param environment {@code NAME=value}, and nothing beside
   * @param messages is told each line of standard error, on a thread of its own
   */
  public static HostProcess start(
      List<String> command, List<String> environment, Consumer<String> messages)
      throws KernelException {
    try (Fd nothing = FileOpen.path("/dev/null", OpenFlags.RDONLY)) {
      Pipe output = Pipe.open();
      try (Fd outputEnd = output.writer()) {
        Pipe errors = Pipe.open();
        try (Fd errorEnd = errors.writer()) {
          Child child =
              Spawner.posix()
                  .spawn(
                      new SpawnRequest(
                          command.getFirst(),
                          command,
                          environment,
                          List.of(nothing, outputEnd, errorEnd),
                          true));
          return new HostProcess(child, output.reader(), errors.reader(), messages);
        } catch (KernelException e) {
          errors.reader().close();
          throw e;
        }
      } catch (KernelException e) {
        output.reader().close();
        throw e;
      }
    }
  }

  private void listen(Consumer<String> messages) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] some = new byte[MAX_LINE];
    try {
      int count = FileData.read(errors, some, 0, some.length);
      while (count > 0) {
        for (int i = 0; i < count; i++) {
          if (some[i] != '\n') {
            line.write(some[i]);
          }
          if (some[i] == '\n' || line.size() == MAX_LINE) {
            tell(line, messages);
          }
        }
        count = FileData.read(errors, some, 0, some.length);
      }
    } catch (KernelException closed) {
      // What there was to say was said.
    }
    if (line.size() > 0) {
      tell(line, messages);
    }
  }

  private void tell(ByteArrayOutputStream bytes, Consumer<String> messages) {
    String line = bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    bytes.reset();
    try {
      messages.accept(line);
    } catch (RuntimeException gone) {
      // Nobody listens any more; the program must not come to a halt because of that.
      System.getLogger(HostProcess.class.getName())
          .log(System.Logger.Level.DEBUG, "message not told", gone);
    }
  }

  /** What it writes. */
  public InputStream output() {
    return new FdInput(output);
  }

  /** Waits for its end; all that it said on standard error has been told by then. */
  public WaitStatus await() throws KernelException {
    if (end.isEmpty()) {
      end = Optional.of(Pidfd.await(child.pidfd()));
      join();
    }
    return end.get();
  }

  /** Ends it at once. What reads its output sees the end. */
  public void kill() {
    try {
      Pidfd.signal(child.pidfd(), SIGKILL);
    } catch (KernelException e) {
      if (!e.is(Errno.ESRCH)) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void join() {
    boolean interrupted = false;
    while (listener.isAlive()) {
      try {
        listener.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it if it still runs. */
  @Override
  public void close() throws KernelException {
    if (end.isEmpty()) {
      kill();
      WaitStatus ignored = await();
    }
    child.close();
    output.close();
    errors.close();
  }
}

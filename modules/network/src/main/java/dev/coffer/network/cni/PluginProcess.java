package dev.coffer.network.cni;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Epoll;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Memfd;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Pipe;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.WaitStatus;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Runs plugins as programs of the host, each in a session of its own: what it has started ends with
 * it when its time is over.
 *
 * @param home the network namespace in which they run is this thread's home
 * @param time how long one may take
 * @param outputBytes how much one may say
 */
public record PluginProcess(NamespaceThread home, Duration time, int outputBytes)
    implements PluginCall.Runner {

  private static final int SIGKILL = 9;
  private static final int SEEK_SET = 0;
  private static final int ERROR_BYTES = 4096;
  private static final int CHUNK = 1 << 16;

  /** What ends a program's output, when something that it has started holds the pipe. */
  private static final Duration REST = Duration.ofMillis(100);

  /** With limits that no plugin which does its work comes near. */
  public static PluginProcess of(NamespaceThread home) {
    return new PluginProcess(home, Duration.ofSeconds(60), 1 << 20);
  }

  @Override
  public PluginCall.Output run(PluginCall call) throws CniException {
    try (Fd input = Memfd.open("cni-config");
        Pipe output = Pipe.open();
        Pipe errors = Pipe.open()) {
      FileData.writeAll(input, call.input().getBytes(StandardCharsets.UTF_8));
      FileData.seek(input, 0, SEEK_SET);
      SpawnRequest request =
          new SpawnRequest(
              call.program().toString(),
              List.of(call.program().toString()),
              call.environment(),
              List.of(input, output.writer(), errors.writer()),
              true);
      try (Child child = home.atHome(() -> Spawner.posix().spawn(request))) {
        output.writer().close();
        errors.writer().close();
        return new Listening(child, output.reader(), errors.reader()).toTheEnd();
      }
    } catch (CniException e) {
      throw e;
    } catch (IOException e) {
      CniException failure =
          new CniException(
              CniException.NO_CODE, "cannot run " + call.program() + ": " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /** A plugin that runs. */
  private final class Listening {
    private static final long OUTPUT = 1;
    private static final long ERRORS = 2;
    private static final long END = 3;

    private final Child child;
    private final Fd output;
    private final Fd errors;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final StringBuilder complaints = new StringBuilder();
    private boolean outputEnded;
    private boolean errorsEnded;
    private boolean ended;

    Listening(Child child, Fd output, Fd errors) {
      this.child = child;
      this.output = output;
      this.errors = errors;
    }

    PluginCall.Output toTheEnd() throws IOException {
      boolean whole = false;
      try (Epoll epoll = Epoll.open()) {
        epoll.add(output, Epoll.READABLE, OUTPUT);
        epoll.add(errors, Epoll.READABLE, ERRORS);
        epoll.add(child.pidfd(), Epoll.READABLE, END);
        listen(epoll);
        whole = true;
      } finally {
        if (!whole) {
          kill();
        }
        reap();
      }
      return new PluginCall.Output(
          status.code(), said.toString(StandardCharsets.UTF_8), complaints.toString().strip());
    }

    private WaitStatus status = new WaitStatus(0, 0);

    private void reap() throws KernelException {
      status = Pidfd.await(child.pidfd());
    }

    private void listen(Epoll epoll) throws IOException {
      long deadline = System.nanoTime() + time.toNanos();
      while (!(ended && outputEnded && errorsEnded)) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative()) {
          throw new CniException(
              CniException.NO_CODE, "did not end within " + time.toSeconds() + " s");
        }
        List<Epoll.Event> events = epoll.await(ended && REST.compareTo(left) < 0 ? REST : left);
        if (ended && events.isEmpty()) {
          return;
        }
        for (Epoll.Event each : events) {
          take(epoll, each.tag());
        }
      }
    }

    private void take(Epoll epoll, long tag) throws IOException {
      if (tag == OUTPUT) {
        outputEnded = !read(output, epoll, tag);
      } else if (tag == ERRORS) {
        errorsEnded = !read(errors, epoll, tag);
      } else {
        ended = true;
        epoll.remove(child.pidfd());
      }
    }

    private boolean read(Fd from, Epoll epoll, long tag) throws IOException {
      byte[] some = new byte[CHUNK];
      int count = FileData.read(from, some, 0, some.length);
      if (count == 0) {
        epoll.remove(from);
        return false;
      }
      if (tag == ERRORS) {
        complaints.append(new String(some, 0, count, StandardCharsets.UTF_8));
        complaints.delete(0, Math.max(0, complaints.length() - ERROR_BYTES));
      } else if (said.size() + count > outputBytes) {
        throw new CniException(CniException.NO_CODE, "said more than " + outputBytes + " bytes");
      } else {
        said.write(some, 0, count);
      }
      return true;
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

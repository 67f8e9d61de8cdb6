package dev.coffer.runtime.monitor;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.file.FileLock;
import dev.coffer.runtime.protocol.Failed;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.ProtocolException;
import dev.coffer.runtime.protocol.Started;
import dev.coffer.runtime.protocol.Status;
import dev.coffer.runtime.time.Backoff;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The real {@link Monitors}: processes of the native helper. */
public final class ProcessMonitors implements Monitors {
  private static final int SPARES = 2;
  private static final String LOCK = "monitor.lock";
  private static final String SOCKET = "monitor.sock";
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

  private final ExecutorImage image;
  private final Reaper reaper;
  private final SpareMonitors spares;
  private final Watch watch;
  private final Fd devNull;

  private ProcessMonitors(
      ExecutorImage image,
      Spawner spawner,
      int spares,
      Reaper reaper,
      Watch watch,
      Fd devNull,
      Fd output) {
    this.image = image;
    this.reaper = reaper;
    this.spares = new SpareMonitors(spares, image, spawner, reaper, devNull, output);
    this.watch = watch;
    this.devNull = devNull;
  }

  /**
   * Gets ready to start monitors.
   *
   * @param binary the native helper; read once, here
   * @param output where monitors say what they can tell nobody else, usually the engine's log; the
   *     caller's own, open for as long as this
   */
  public static ProcessMonitors open(Path binary, Fd output) throws IOException {
    return open(binary, output, Spawner.posix(), SPARES);
  }

  static ProcessMonitors open(Path binary, Fd output, Spawner spawner, int spares)
      throws IOException {
    ExecutorImage image = ExecutorImage.load(binary);
    Fd devNull = FileOpen.path("/dev/null", OpenFlags.RDWR);
    return new ProcessMonitors(
        image, spawner, spares, Reaper.start(), Watch.start("monitors"), devNull, output);
  }

  @Override
  public MonitorConnection start(StartRequest request) throws IOException {
    FrameChannel channel = spares.take();
    try {
      try (SetupFrame setup = SetupFrame.of(request)) {
        channel.send(setup.frame());
      }
      return answer(request, channel);
    } catch (IOException e) {
      channel.close();
      throw hasEnded(e) ? ended(request) : e;
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    } finally {
      spares.replenish();
    }
  }

  /** Whether a call failed because the monitor has closed its end. */
  private static boolean hasEnded(IOException failure) {
    return failure instanceof KernelException e && (e.is(Errno.EPIPE) || e.is(Errno.ECONNRESET));
  }

  private static IOException ended(StartRequest request) {
    return new IOException(
        "cannot start \"%s\": the monitor ended before its container was started"
            .formatted(request.id()));
  }

  /** The first frame says whether the plan went well. */
  private MonitorConnection answer(StartRequest request, FrameChannel channel) throws IOException {
    Frame frame = channel.receive().orElseThrow(() -> ended(request));
    if (frame.type() == FrameType.STARTED) {
      Started started = Started.decode(frame.payload());
      return connection(request.id(), started.pid(), started.startedAt(), frame, channel);
    }
    frame.closeDescriptors();
    if (frame.type() == FrameType.FAILED) {
      Failed failed = Failed.decode(frame.payload());
      throw StartException.of(request.program(), failed);
    }
    throw new ProtocolException("the monitor answered SETUP with " + frame.type());
  }

  @Override
  public MonitorConnection reconnect(String id, Path runDirectory) throws IOException {
    try (Fd directory = openRunDirectory(id, runDirectory)) {
      if (!FileLock.isHeld(directory, LOCK)) {
        throw new MonitorGoneException("no monitor holds the lock of \"" + id + "\"");
      }
      try {
        return ask(id, directory);
      } catch (MonitorGoneException leaving) {
        awaitLeave(id, directory);
        throw leaving;
      }
    }
  }

  private MonitorConnection ask(String id, Fd directory) throws IOException {
    FrameChannel channel = connect(id, directory);
    try {
      return query(id, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * A monitor whose engine died while it started a container takes the start back, and one whose
   * container has ended writes that down. Until then it holds what a new start would need.
   */
  private void awaitLeave(String id, Fd directory) throws IOException {
    Backoff backoff = new Backoff(LEAVE_TIMEOUT);
    while (FileLock.isHeld(directory, LOCK)) {
      if (!backoff.again()) {
        throw new IOException("the monitor of \"" + id + "\" neither runs a container nor leaves");
      }
    }
  }

  private static Fd openRunDirectory(String id, Path runDirectory) throws IOException {
    try {
      return FileOpen.path(
          runDirectory.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        throw new MonitorGoneException("no run directory of \"" + id + "\"");
      }
      throw e;
    }
  }

  private static FrameChannel connect(String id, Fd directory) throws IOException {
    Fd socket;
    try {
      socket = UnixSocket.connect(directory, SOCKET, UnixSocket.STREAM);
    } catch (KernelException e) {
      if (e.is(Errno.ECONNREFUSED) || e.is(Errno.ENOENT)) {
        throw new MonitorGoneException("the monitor of \"" + id + "\" is about to leave");
      }
      throw e;
    }
    if (UnixSocket.peer(socket).uid() != CurrentProcess.effectiveUid()) {
      socket.close();
      throw new IOException("the socket of \"" + id + "\" belongs to another user");
    }
    return new FrameChannel(socket);
  }

  private MonitorConnection query(String id, FrameChannel channel) throws IOException {
    channel.send(Frame.of(FrameType.QUERY));
    if (!Poll.readable(channel.socket(), ANSWER_TIMEOUT)) {
      throw new IOException("the monitor of \"" + id + "\" does not answer");
    }
    Frame frame =
        channel
            .receive()
            .orElseThrow(() -> new MonitorGoneException("the monitor of \"" + id + "\" left"));
    if (frame.type() != FrameType.STATUS) {
      frame.closeDescriptors();
      throw new ProtocolException("the monitor answered QUERY with " + frame.type());
    }
    Status status = Status.decode(frame.payload());
    if (!status.running()) {
      frame.closeDescriptors();
      throw new MonitorGoneException("the container of \"" + id + "\" is not running");
    }
    return connection(id, status.pid(), status.startedAt(), frame, channel);
  }

  private MonitorConnection connection(
      String id, int pid, long startedAt, Frame frame, FrameChannel channel) throws IOException {
    if (frame.descriptors().size() != 1) {
      frame.closeDescriptors();
      throw new ProtocolException("the monitor sent " + frame.type() + " without a pidfd");
    }
    return new Connection(
        id, pid, frame.descriptors().getFirst(), Connection.time(startedAt), channel, watch);
  }

  @Override
  public void close() {
    spares.close();
    reaper.close();
    watch.close();
    image.close();
    devNull.close();
  }
}

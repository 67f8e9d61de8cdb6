package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Poll;
import dev.coffer.runtime.protocol.AddClient;
import dev.coffer.runtime.protocol.DescriptorRole;
import dev.coffer.runtime.protocol.Exited;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Payloads;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A real monitor. */
final class Connection implements MonitorConnection {
  private final String id;
  private final int pid;
  private final Fd pidfd;
  private final Instant startedAt;
  private final FrameChannel channel;
  private final Watch watch;
  private final long tag;
  private final CompletableFuture<ExitStatus> exited = new CompletableFuture<>();
  private boolean open = true;

  /** Takes channel and pidfd over, also where it fails. */
  Connection(String id, int pid, Fd pidfd, Instant startedAt, FrameChannel channel, Watch watch)
      throws KernelException {
    this.id = id;
    this.pid = pid;
    this.pidfd = pidfd;
    this.startedAt = startedAt;
    this.channel = channel;
    this.watch = watch;
    synchronized (this) {
      // Under the lock that readable() takes: it must not run before the tag is known.
      this.tag = watch(channel, pidfd);
    }
  }

  private long watch(FrameChannel channel, Fd pidfd) throws KernelException {
    try {
      return watch.add(channel.socket(), this::readable);
    } catch (KernelException e) {
      channel.close();
      pidfd.close();
      throw e;
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public synchronized Fd pidfd() throws IOException {
    return own().duplicate();
  }

  /**
   * Under the lock that closing takes: a number that is closed may be another process's at once.
   */
  private Fd own() throws IOException {
    if (!pidfd.isOpen()) {
      throw new IOException("the first process of \"" + id + "\" has ended");
    }
    return pidfd;
  }

  @Override
  public synchronized boolean isAlive() {
    try {
      return pidfd.isOpen() && !Poll.readable(pidfd, Duration.ZERO);
    } catch (KernelException e) {
      throw new IllegalStateException("a pidfd can always be polled", e);
    }
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public CompletableFuture<ExitStatus> exited() {
    return exited;
  }

  @Override
  public void addClient(Client client) throws IOException {
    Map<DescriptorRole, Fd> descriptors = new EnumMap<>(DescriptorRole.class);
    client.descriptors(descriptors::put);
    send(new AddClient(client.attach(), client.foreground(), descriptors).toFrame());
  }

  @Override
  public void resize(WindowSize size) throws IOException {
    send(Payloads.resize(size));
  }

  @Override
  public synchronized void signal(int signal) throws IOException {
    Pidfd.signal(own(), signal);
  }

  @Override
  public void closeStdin() throws IOException {
    send(Frame.of(FrameType.CLOSE_STDIN));
  }

  @Override
  public void rotateLog() throws IOException {
    send(Frame.of(FrameType.ROTATE_LOG));
  }

  @Override
  public synchronized void close() {
    closeChannel();
    pidfd.close();
  }

  private void send(Frame frame) throws IOException {
    try {
      channel.send(frame);
    } catch (IllegalStateException e) {
      throw new IOException("cannot talk to the monitor of \"" + id + "\": it has gone", e);
    }
  }

  private synchronized void closeChannel() {
    if (open) {
      open = false;
      watch.remove(tag, channel.socket());
      channel.close();
    }
  }

  /** On the watching thread: takes what has arrived, and never waits. */
  private synchronized void readable() {
    try {
      while (open) {
        switch (channel.tryReceive()) {
          case FrameChannel.Attempt.NotYet() -> {
            return;
          }
          case FrameChannel.Attempt.Ended() -> lost();
          case FrameChannel.Attempt.Arrived(Frame frame) -> arrived(frame);
        }
      }
    } catch (IOException e) {
      lost();
    }
  }

  private void arrived(Frame frame) throws IOException {
    frame.closeDescriptors();
    if (frame.type() == FrameType.EXITED) {
      Exited told = Exited.decode(frame.payload());
      end(
          new ExitStatus.Exited(
              told.exitCode(), told.signal(), told.oomKilled(), time(told.finishedAt())));
    }
  }

  private void lost() {
    end(new ExitStatus.MonitorLost(Instant.now(Clock.systemUTC())));
  }

  /** What depends on the end may take its time: it does not hold the watching thread up. */
  private void end(ExitStatus status) {
    closeChannel();
    Thread.ofVirtual().name("exited " + id).start(() -> exited.complete(status));
  }

  static Instant time(long nanosecondsSinceEpoch) {
    return Instant.EPOCH.plusNanos(nanosecondsSinceEpoch);
  }
}

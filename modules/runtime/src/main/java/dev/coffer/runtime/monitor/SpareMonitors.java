package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.protocol.FrameChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A few monitors that have been started ahead and wait for their SETUP, so that no container's
 * start waits for a process to be spawned and executed. The first ones are made after the first
 * start: an engine that starts no container makes none. A spare one leaves by itself when its
 * engine goes.
 */
final class SpareMonitors implements AutoCloseable {

  private static final long LEAVE_SECONDS = 5;

  /** A short program has ended by then, and nothing competed with it for a CPU. */
  private static final long DELAY_MILLIS = 10;

  private record Spare(FrameChannel channel, CompletableFuture<Void> reaped) {}

  private static final List<String> ARGUMENTS = List.of("coffer-monitor");

  private final int count;
  private final ExecutorImage image;
  private final Spawner spawner;
  private final Reaper reaper;
  private final Fd devNull;
  private final Fd output;
  private final Queue<Spare> ready = new ConcurrentLinkedQueue<>();
  private final Semaphore wanted = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread maker =
      Thread.ofPlatform().daemon().name("spare-monitors").unstarted(this::make);
  private boolean begun;

  /**
   * @param count how many are kept; 0 keeps none
   */
  SpareMonitors(
      int count, ExecutorImage image, Spawner spawner, Reaper reaper, Fd devNull, Fd output) {
    this.count = count;
    this.image = image;
    this.spawner = spawner;
    this.reaper = reaper;
    this.devNull = devNull;
    this.output = output;
  }

  /** The engine's end of the channel to a fresh monitor; the caller's. */
  FrameChannel take() throws IOException {
    for (Spare spare = ready.poll(); spare != null; spare = ready.poll()) {
      if (!Poll.readable(spare.channel().socket(), Duration.ZERO)) {
        return spare.channel();
      }
      // It has nothing to say before its SETUP: this is its end.
      spare.channel().close();
    }
    return spawn().channel();
  }

  /** Sees to it that spare ones are there again: after a start, so as not to compete with it. */
  synchronized void replenish() {
    if (!begun) {
      begun = true;
      maker.start();
    }
    wanted.release();
  }

  private void make() {
    try {
      while (true) {
        wanted.acquire();
        boolean ignored = closing.await(DELAY_MILLIS, TimeUnit.MILLISECONDS);
        // Who closes says so before it wakes us: its permit may be among these.
        wanted.drainPermits();
        if (closing.getCount() == 0) {
          return;
        }
        fill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill() {
    try {
      while (ready.size() < count) {
        ready.add(spawn());
      }
    } catch (IOException e) {
      // Whoever needs one makes it then, and learns why it cannot be made.
    }
  }

  private Spare spawn() throws IOException {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM)) {
      CompletableFuture<Void> reaped = reaper.adopt(spawn(pair.second()));
      return new Spare(new FrameChannel(pair.first().duplicate()), reaped);
    }
  }

  private Child spawn(Fd channel) throws KernelException {
    return spawner.spawn(
        new SpawnRequest(
            image.path(), ARGUMENTS, List.of(), List.of(devNull, output, output, channel), true));
  }

  @Override
  public void close() {
    closing.countDown();
    // Woken, not interrupted: what is being spawned must get into somebody's hands.
    wanted.release();
    try {
      maker.join();
      ready.forEach(spare -> spare.channel().close());
      for (Spare spare : ready) {
        spare.reaped().get(LEAVE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      // It leaves all the same; at worst it stays as a zombie until this process ends.
    }
  }
}

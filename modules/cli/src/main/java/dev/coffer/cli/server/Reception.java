package dev.coffer.cli.server;

import dev.coffer.kernel.Fd;
import dev.coffer.runtime.protocol.FrameChannel;
import java.util.concurrent.Semaphore;

/**
 * Bounds what callers cost who have not said yet what they want: threads, descriptors and memory.
 * More than that wait at the door.
 */
final class Reception {
  private static final int MOST_NEWCOMERS = 1_500;
  private static final int MOST_LARGE_FRAMES = 8;

  /** Two directories and three streams; the rest is for later versions. */
  private static final int MOST_DESCRIPTORS = 8;

  private final Semaphore newcomers = new Semaphore(MOST_NEWCOMERS);
  private final Semaphore largeFrames = new Semaphore(MOST_LARGE_FRAMES, true);

  /** Waits until there is room for a further newcomer. */
  void awaitRoom() {
    newcomers.acquireUninterruptibly();
  }

  /** A newcomer has said what it wants, or has left. */
  void leave() {
    newcomers.release();
  }

  FrameChannel channel(Fd caller) {
    return new FrameChannel(caller, MOST_DESCRIPTORS, largeFrames);
  }
}

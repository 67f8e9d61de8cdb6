package dev.coffer.image.layer;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Has unpacked layers reach the disk, and notes in their records that they have.
 *
 * <p>Not at once: {@code syncfs(2)} waits for all that anybody has written to the file system, and
 * would compete with the layers that are still being unpacked. One call, some time after the last
 * of them, does for all.
 */
final class DurableLater {
  private final Fd layers;
  private final Duration delay;
  private final Executor later;
  private Map<Digest, LayerRecord> waiting = new HashMap<>();
  private Map<Digest, LayerRecord> settling = new HashMap<>();
  private long latest;

  /**
   * @param layers the directory of all layers
   * @param delay how long no other layer must have come
   * @param background runs what waits for the disk, one at a time
   */
  DurableLater(Fd layers, Duration delay, Executor background) {
    this.layers = layers;
    this.delay = delay;
    this.later =
        delay.isZero()
            ? background
            : CompletableFuture.delayedExecutor(
                delay.toMillis(), TimeUnit.MILLISECONDS, background);
  }

  /** Takes on a layer that is there under its name. */
  synchronized void add(LayerRecord record) {
    latest = System.nanoTime();
    if (waiting.isEmpty()) {
      later.execute(this::run);
    }
    waiting.put(record.chainId(), record);
  }

  /** Lets go of a layer before it is taken away: the next under its name is another one. */
  synchronized void forget(Digest chainId) {
    waiting.remove(chainId);
    settling.remove(chainId);
  }

  private void run() {
    Set<LayerRecord> records;
    synchronized (this) {
      if (System.nanoTime() - latest < delay.toNanos()) {
        later.execute(this::run);
        return;
      }
      settling = waiting;
      waiting = new HashMap<>();
      records = Set.copyOf(settling.values());
    }
    try {
      FileData.syncFileSystem(layers);
      for (LayerRecord record : records) {
        note(record);
      }
    } catch (IOException full) {
      // They stay marked with this boot: after the next one they are unpacked again.
      System.getLogger(DurableLater.class.getName())
          .log(System.Logger.Level.DEBUG, "layers not synced", full);
    }
  }

  private synchronized void note(LayerRecord record) throws IOException {
    if (settling.remove(record.chainId(), record)) {
      int flags = OpenFlags.RDONLY | OpenFlags.DIRECTORY;
      try (Fd directory = FileOpen.at(layers, record.chainId().hex(), flags, 0)) {
        RecordFile.write(directory, record.durable(), true);
      }
    }
  }
}

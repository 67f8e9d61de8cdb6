package dev.coffer.runtime.oci;

import dev.coffer.kernel.OtherThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Work on many things that all processors share. This thread does its part; the others are new and
 * see files as this one does, while those that all of the process share see them as whoever made
 * them.
 */
final class SharedWork {
  /** So many a thread takes at a time; for fewer another is not worth having. */
  private static final int STEP = 32;

  private SharedWork() {}

  /** What is made of each, in their order. All is done when this returns, or fails. */
  static <T, R> List<R> map(List<T> all, Function<T, R> work) throws IOException {
    AtomicReferenceArray<R> made = new AtomicReferenceArray<>(all.size());
    AtomicInteger next = new AtomicInteger();
    Runnable part =
        () -> {
          for (int i = next.getAndAdd(STEP); i < all.size(); i = next.getAndAdd(STEP)) {
            for (int each = i; each < Math.min(i + STEP, all.size()); each++) {
              made.setPlain(each, work.apply(all.get(each)));
            }
          }
        };
    run(part, Math.min(Runtime.getRuntime().availableProcessors(), all.size() / STEP));
    List<R> result = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      result.add(made.getPlain(i));
    }
    return result;
  }

  private static void run(Runnable part, int threads) throws IOException {
    try (ExecutorService others =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 1; i < threads; i++) {
        parts.add(others.submit(part));
      }
      part.run();
      for (Future<?> each : parts) {
        Object ignored = OtherThread.await(each);
      }
    }
  }
}

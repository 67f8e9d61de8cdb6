package dev.coffer.runtime.rootfs;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Looks into the roots of containers that run. What is there may be a file system that the
 * container serves itself (FUSE), and which never answers: nothing ends such a look but the end of
 * that file system. So another thread looks, is waited for with a limit, and is the only one for
 * that container as long as it is stuck. Safe for many threads.
 */
public final class LiveRoots {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Duration patience;
  private final Map<Integer, Future<?>> stuck = new ConcurrentHashMap<>();

  /** One for each look: it sees files as whoever asks does, who may be in another namespace. */
  private final ExecutorService lookers =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("look-into-container-", 0).factory());

  public LiveRoots() {
    this(PATIENCE);
  }

  LiveRoots(Duration patience) {
    this.patience = patience;
  }

  /** What is looked for. */
  public interface Look<T> {
    T in(RootView root) throws IOException;
  }

  /**
   * Looks into a container's root.
   *
   * @param pid of a process in it
   * @param alive whether that is still the process of that number, asked once its root is open
   * @throws IOException where it is not, the look fails, or it has no answer within ten seconds
   */
  public <T> T look(int pid, BooleanSupplier alive, Look<T> look) throws IOException {
    boolean ignored = stuck.values().removeIf(Future::isDone);
    if (stuck.containsKey(pid)) {
      throw unanswered();
    }
    Future<T> answer = lookers.submit(() -> lookInto(pid, alive, look));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stuck.put(pid, answer);
      throw unanswered();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stuck.put(pid, answer);
      throw new IOException("nobody waits for the container's files any more", e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  private static <T> T lookInto(int pid, BooleanSupplier alive, Look<T> look) throws IOException {
    String path = "/proc/" + pid + "/root";
    try (Fd root = FileOpen.path(path, OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      if (!alive.getAsBoolean()) {
        throw new IOException("pid " + pid + " may be another's by now");
      }
      return look.in(new RootView(root));
    }
  }

  private static IOException unanswered() {
    return new IOException(
        "the container's file system does not answer (does a program in it serve /etc?)");
  }

  private static IOException rethrown(Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }
}

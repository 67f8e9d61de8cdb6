package dev.coffer.network.namespace;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Namespaces;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.OtherThread;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread of the process that enters other network namespaces. A socket belongs to the
 * namespace in which it was opened, so whoever needs one there has it opened here, and uses it
 * anywhere. Any number of threads may call; their tasks run one after another and must be short.
 */
public final class NamespaceThread implements AutoCloseable {
  private static final String OWN = "/proc/thread-self/ns/net";

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("coffer-netns").factory());
  private final Fd host;

  private NamespaceThread(Fd host) {
    this.host = host;
  }

  /** Starts the thread, whose home is the namespace of the process. */
  public static NamespaceThread start() throws KernelException {
    return new NamespaceThread(FileOpen.path("/proc/self/ns/net", OpenFlags.RDONLY));
  }

  /** Starts the thread with another home than the namespace of the process. */
  public static NamespaceThread start(Fd home) throws IOException {
    NamespaceThread started = new NamespaceThread(home.duplicate());
    try {
      return started.call(
          () -> {
            Namespaces.enter(started.host, Namespaces.NETWORK);
            return started;
          });
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** Something to be done in a namespace. */
  @FunctionalInterface
  public interface Task<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Makes a namespace, which exists as long as something is in it or the descriptor is open. */
  public Fd create() throws IOException {
    return call(
        () -> {
          Namespaces.unshareThread(Namespaces.NETWORK);
          return atHomeAfter(() -> FileOpen.path(OWN, OpenFlags.RDONLY));
        });
  }

  /** Does something in a namespace. */
  public <T> T in(Fd namespace, Task<T> task) throws IOException {
    return call(
        () -> {
          Namespaces.enter(namespace, Namespaces.NETWORK);
          return atHomeAfter(task);
        });
  }

  /** Does something in the namespace that is the thread's home. */
  public <T> T atHome(Task<T> task) throws IOException {
    return call(task);
  }

  private <T> T atHomeAfter(Task<T> task) throws IOException {
    try {
      return task.run();
    } finally {
      Namespaces.enter(host, Namespaces.NETWORK);
    }
  }

  private <T> T call(Task<T> task) throws IOException {
    return OtherThread.await(thread.submit(task::run));
  }

  @Override
  public void close() {
    thread.close();
    host.close();
  }
}

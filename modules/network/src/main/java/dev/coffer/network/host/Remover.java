package dev.coffer.network.host;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.network.link.Link;
import dev.coffer.network.link.LinkRequests;
import dev.coffer.network.link.RouteSocket;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that devices of namespaces which have ended are gone. The kernel removes them by
 * itself, many in one go, unless something else lives on in the namespace; each that is removed by
 * request costs 10 to 20 ms.
 */
final class Remover implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 200;

  private final RouteSocket socket;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("coffer-devices").factory());

  /**
   * One for a host.
   *
   * @param socket for its own use, which it closes
   */
  Remover(RouteSocket socket) {
    this.socket = socket;
  }

  /** Removes a device before this returns. */
  void remove(String device) throws KernelException {
    socket.remove(device);
  }

  /** Removes a device soon, if it is still there; another one of its name stays. */
  void removeSoon(String device) throws KernelException {
    Optional<Link> link = socket.find(device);
    if (link.isPresent()) {
      int index = link.get().index();
      var _ = thread.schedule(() -> remove(index), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void remove(int index) {
    try {
      if (socket.find(index).isPresent()) {
        socket.apply(LinkRequests.delete(index));
      }
    } catch (KernelException e) {
      if (!e.is(Errno.ENODEV)) {
        System.getLogger(Remover.class.getName())
            .log(Level.WARNING, "cannot remove device " + index, e);
      }
    }
  }

  /** Removes what is to be removed soon, and ends. */
  @Override
  public void close() {
    thread.close();
    socket.close();
  }
}

package dev.coffer.network.driver;

import dev.coffer.kernel.Fd;
import java.util.Optional;

/**
 * A network namespace for a container, or of one. It exists as long as a process is in it or this
 * is open; what is in it goes with it.
 *
 * @param namespace the namespace, which is owned here
 * @param prepared the end that it has been given already; of it, {@link NetworkDriver#connect} has
 *     only the ports to do, when all else of the end that it is given equals
 */
public record Sandbox(Fd namespace, Optional<Endpoint> prepared) implements AutoCloseable {

  /** A namespace that is there, and whose descriptor is owned by the result. */
  public static Sandbox of(Fd namespace) {
    return new Sandbox(namespace, Optional.empty());
  }

  /**
   * Lets go of the namespace. The addresses of a prepared end are the caller's to give back, since
   * it may have used them.
   */
  @Override
  public void close() {
    namespace.close();
  }
}

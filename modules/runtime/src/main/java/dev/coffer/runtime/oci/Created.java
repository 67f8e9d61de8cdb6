package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.spec.runtime.Spec;

/**
 * A container that the caller waits for, and all that is known of it.
 *
 * @param opened its directory, which another of the same id is not
 * @param record has the pid
 * @param spec its config
 */
record Created(StateDirectory directory, Fd opened, ContainerRecord record, Spec spec)
    implements AutoCloseable {
  @Override
  public void close() {
    opened.close();
  }
}

package dev.coffer.kernel;

/**
 * A process that was spawned. Closing lets go of the descriptor alone: somebody must wait for the
 * child ({@link Pidfd#await}), or it stays a zombie.
 */
public record Child(int pid, Fd pidfd) implements AutoCloseable {
  @Override
  public void close() {
    pidfd.close();
  }
}

package dev.coffer.kernel;

/** Starts programs; an interface so that what is started can be tested without starting it. */
public interface Spawner {
  /** Starts one; {@code ENOENT}, {@code EACCES} and the like mean that nothing was started. */
  Child spawn(SpawnRequest request) throws KernelException;

  /** The real one. */
  static Spawner posix() {
    return new PosixSpawner();
  }
}

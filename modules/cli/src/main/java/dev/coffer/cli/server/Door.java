package dev.coffer.cli.server;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Peer;
import dev.coffer.kernel.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The engine's lock and socket. Whoever holds the lock is the engine of that run directory; the
 * socket's file is there only while it answers.
 */
final class Door implements AutoCloseable {

  static final String SOCKET = "engine.sock";
  static final String LOCK = "engine.lock";

  /** Held by a launcher while it starts an engine. */
  static final String START_LOCK = "start.lock";

  private static final int BACKLOG = 128;

  private final Path runDirectory;
  private final Fd lock;
  private final Fd listener;
  private final int ownUid;

  /** Held by the thread that accepts: a closed descriptor's number may be another one's. */
  private final Lock accepting = new ReentrantLock();

  private Door(Path runDirectory, Fd lock, Fd listener, int ownUid) {
    this.runDirectory = runDirectory;
    this.lock = lock;
    this.listener = listener;
    this.ownUid = ownUid;
  }

  /** Takes the lock; empty when another engine has it. */
  static Optional<Fd> tryLock(Path runDirectory) throws IOException {
    Fd lock = openLock(runDirectory);
    if (Flock.tryExclusive(lock)) {
      return Optional.of(lock);
    }
    lock.close();
    return Optional.empty();
  }

  /** Takes the lock, and waits for an engine that is about to leave. */
  static Fd lock(Path runDirectory) throws IOException {
    Fd lock = openLock(runDirectory);
    Flock.exclusive(lock);
    return lock;
  }

  private static Fd openLock(Path runDirectory) throws IOException {
    Files.createDirectories(
        runDirectory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String path = runDirectory.resolve(LOCK).toString();
    return FileOpen.at(Fd.CWD, path, OpenFlags.RDWR | OpenFlags.CREAT, 0600);
  }

  /**
   * Starts to listen.
   *
   * @param lock held; owned by the door from here on
   */
  static Door open(Path runDirectory, Fd lock) throws IOException {
    // What is there under the lock is what a killed engine left.
    Files.deleteIfExists(runDirectory.resolve(SOCKET));
    try (Fd directory = FileOpen.path(runDirectory.toString(), OpenFlags.DIRECTORY)) {
      Fd listener = UnixSocket.listen(directory, SOCKET, UnixSocket.STREAM, BACKLOG);
      Files.setPosixFilePermissions(
          runDirectory.resolve(SOCKET), PosixFilePermissions.fromString("rw-------"));
      return new Door(runDirectory, lock, listener, ownUid());
    }
  }

  /**
   * The next caller that runs as the engine's own user; others are shown out. Empty once {@link
   * #shut}.
   */
  Optional<Fd> accept() throws IOException {
    accepting.lock();
    try {
      return listener.isOpen() ? acceptOwn() : Optional.empty();
    } finally {
      accepting.unlock();
    }
  }

  private Optional<Fd> acceptOwn() throws IOException {
    while (true) {
      Fd caller;
      try {
        caller = UnixSocket.accept(listener);
      } catch (KernelException e) {
        if (e.is(Errno.EINVAL)) {
          return Optional.empty();
        }
        throw e;
      }
      if (UnixSocket.peer(caller).uid() == ownUid) {
        return Optional.of(caller);
      }
      caller.close();
    }
  }

  /** Takes no more callers: those that come now find no engine and start one. */
  void shut() throws IOException {
    try {
      Files.deleteIfExists(runDirectory.resolve(SOCKET));
    } finally {
      UnixSocket.shutdown(listener, UnixSocket.SHUT_BOTH);
    }
  }

  /** Lets go of the lock; only after {@link #shut}, which an {@link #accept} under way sees. */
  @Override
  public void close() {
    accepting.lock();
    try {
      listener.close();
    } finally {
      accepting.unlock();
    }
    lock.close();
  }

  private static int ownUid() throws IOException {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM)) {
      Peer self = UnixSocket.peer(pair.first());
      return self.uid();
    }
  }
}

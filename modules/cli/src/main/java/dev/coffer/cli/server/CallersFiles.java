package dev.coffer.cli.server;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.Namespaces;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.OtherThread;
import dev.coffer.runtime.protocol.ProtocolException;
import dev.coffer.runtime.protocol.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/**
 * Lets commands of the OCI runtime see files as their callers do. For a caller in another mount
 * namespace or below another root, a thread goes there, runs the one command and ends; nothing of
 * those mounts is held longer. All other threads stay where the engine was started.
 */
final class CallersFiles {
  private static final Path ROOT = Path.of("/");

  private final long ownMountNamespace;
  private boolean programOpened;

  /**
   * For an engine.
   *
   * @param ownMountNamespace the inode of its mount namespace
   */
  CallersFiles(long ownMountNamespace) {
    this.ownMountNamespace = ownMountNamespace;
  }

  /** A command. */
  @FunctionalInterface
  interface Command {
    /**
     * Runs it; its exit code.
     *
     * @param here whether that is what the engine itself sees
     */
    int run(boolean here) throws IOException;
  }

  /**
   * Runs a command on a thread that sees what its caller sees.
   *
   * @param pid the caller's
   */
  int see(Request request, int pid, Command command) throws IOException {
    if (request.mountNamespace() == ownMountNamespace && Caller.hasOurRoot(request)) {
      return command.run(true);
    }
    openProgram();
    try (Fd mounts = FileOpen.path("/proc/" + pid + "/ns/mnt", OpenFlags.RDONLY)) {
      if (FileStat.of(mounts).inode() != request.mountNamespace()) {
        throw new ProtocolException("a caller is not in the mount namespace that it names");
      }
      // Who breaks the command off interrupts the thread that runs it, and not this one.
      return OtherThread.call(
          Thread.currentThread().getName() + "-elsewhere",
          () -> {
            Namespaces.enterFiles(mounts, request.rootDirectory());
            return command.run(false);
          });
    }
  }

  /**
   * Opens the archives that classes come from, while their names mean what they meant when the
   * engine was started: a class that is first needed elsewhere comes out of an open file. So do the
   * modules by which the C library finds users' names (nsswitch.conf(5)).
   */
  private synchronized void openProgram() throws IOException {
    if (!programOpened) {
      // What is in none of them is looked for in all of them.
      boolean ignored = ClassLoader.getSystemResource("dev/coffer/none") == null;
      UserPrincipal _ = Files.getOwner(ROOT);
      programOpened = true;
    }
  }
}

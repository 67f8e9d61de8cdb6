package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.ProcFile;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.SocketMessage.Received;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.systemd.Systemd;
import dev.coffer.spec.runtime.Resources;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The moment at which a container's first process comes under systemd: while the plan waits. It
 * runs in a thread of its own, beside the one that waits for the plan, and ends with the plan's end
 * of the socket.
 *
 * <pre>
 * plan                                  here                         systemd
 *   init is born
 *   its pidfd                    ──►    StartTransientUnit    ──►
 *                                                             ◄──    JobRemoved
 *   makes the limits             ◄──    one byte, or the end
 *   lets init go on
 * </pre>
 */
final class ScopeBirth implements AutoCloseable {
  private static final int LONGEST_MESSAGE = 64;
  private static final byte[] READY = {1};
  private static final String PID = "Pid:";

  private final Systemd systemd;
  private final ContainerScope scope;
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  /** Whether it waits for the first process; the connection is that thread's then. */
  private boolean begun;

  private ScopeBirth(Systemd systemd, ContainerScope scope) {
    this.systemd = systemd;
    this.scope = scope;
  }

  /**
   * Connects to the systemd that is to keep a container's cgroup.
   *
   * @throws IOException where that cannot be reached
   * @throws OciException where it keeps no such cgroups for this caller
   */
  static ScopeBirth of(OciCaller caller, String id, Bundle bundle, Resources resources)
      throws IOException {
    Systemd systemd = ContainerScope.connect(caller);
    try {
      return new ScopeBirth(systemd, ContainerScope.of(caller, systemd, id, bundle, resources));
    } catch (IOException | RuntimeException e) {
      systemd.close();
      throw e;
    }
  }

  /** The cgroup of a container: the scope's, or the one that its config names, or one by its id. */
  static String cgroup(Optional<ScopeBirth> birth, Bundle bundle, String id) {
    return birth.map(each -> each.scope.cgroup()).or(bundle::cgroupsPath).orElse(id);
  }

  static Optional<String> unit(Optional<ScopeBirth> birth) {
    return birth.map(each -> each.scope.unit());
  }

  /** What there is of a container: where the scope was refused, one of its name is another's. */
  static ContainerRecord left(Optional<ScopeBirth> birth, ContainerRecord record) {
    return birth.filter(ScopeBirth::isRefused).isPresent() ? record.withoutCgroup() : record;
  }

  /**
   * Waits for the first process from now on.
   *
   * @return the plan's end; the receiver's to close
   */
  Fd begin() throws IOException {
    UnixSocket.Pair ends = UnixSocket.pair(UnixSocket.STREAM);
    Thread ignored =
        Thread.ofPlatform().daemon().name("scope " + scope.unit()).start(() -> keep(ends.first()));
    begun = true;
    return ends.second();
  }

  @Override
  public void close() {
    if (!begun) {
      systemd.close();
    }
  }

  private boolean isRefused() {
    return failure.get() != null;
  }

  /**
   * Why a plan has failed that waited for the scope.
   *
   * @param failed what it says itself
   */
  IOException cause(StartException failed) {
    IOException cause = failure.get();
    if (cause == null) {
      return failed;
    }
    cause.addSuppressed(failed);
    return cause;
  }

  private void keep(Fd end) {
    try (end;
        systemd) {
      attend(end);
    }
  }

  private void attend(Fd end) {
    try {
      Optional<Fd> init = receive(end);
      if (init.isPresent()) {
        try (Fd pidfd = init.get()) {
          take(pid(pidfd));
        }
        FileData.writeAll(end, READY);
      }
    } catch (IOException e) {
      // Before the plan sees the end of its socket, and is asked why.
      failure.set(e);
    }
  }

  private static Optional<Fd> receive(Fd end) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Received received = SocketMessage.receive(end, arena.allocate(LONGEST_MESSAGE), 1, 0);
      return received.descriptors().stream().findFirst();
    }
  }

  /** As the kernel tells it of a pidfd (proc_pid_fdinfo(5)). */
  private static int pid(Fd pidfd) throws IOException {
    int pid =
        ProcFile.read("/proc/self/fdinfo/" + pidfd.number())
            .lines()
            .filter(line -> line.startsWith(PID))
            .map(line -> Integer.parseInt(line.substring(PID.length()).strip()))
            .findFirst()
            .orElse(-1);
    if (pid <= 0) {
      throw new IOException("the container's first process has ended, or is out of sight");
    }
    return pid;
  }

  private void take(int pid) throws IOException {
    scope.start(systemd, pid);
    String groups = ProcFile.read("/proc/" + pid + "/cgroup");
    if (groups.lines().noneMatch(line -> line.endsWith(":" + scope.cgroup()))) {
      throw new IOException(
          "systemd has not put process %d into cgroup \"%s\"".formatted(pid, scope.cgroup()));
    }
  }
}

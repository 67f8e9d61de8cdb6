package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signals for the processes of a list of pids, and never for one that has taken such a pid over.
 */
public final class ListedProcesses {
  /** More are signalled in turns: there are only so many descriptors. */
  private static final int AT_ONCE = 256;

  /** The pids, as they are now. */
  public interface Listing {
    Set<Integer> pids() throws IOException;
  }

  private ListedProcesses() {}

  /**
   * Signals those that are listed at first and still when they have been opened; the dead are no
   * error.
   */
  public static void signal(Listing listing, int signal) throws IOException {
    Iterator<Integer> left = listing.pids().iterator();
    while (left.hasNext()) {
      signalSome(left, listing, signal);
    }
  }

  private static void signalSome(Iterator<Integer> left, Listing listing, int signal)
      throws IOException {
    Map<Integer, Fd> opened = new HashMap<>();
    try {
      while (left.hasNext() && opened.size() < AT_ONCE) {
        int pid = left.next();
        open(pid).ifPresent(process -> opened.put(pid, process));
      }
      // Of a pid that is listed now, what was opened is the process meant, or dead.
      Set<Integer> listed = listing.pids();
      for (Map.Entry<Integer, Fd> process : opened.entrySet()) {
        if (listed.contains(process.getKey())) {
          signal(process.getValue(), signal);
        }
      }
    } finally {
      opened.values().forEach(Fd::close);
    }
  }

  private static Optional<Fd> open(int pid) throws KernelException {
    try {
      return Optional.of(Pidfd.open(pid));
    } catch (KernelException e) {
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void signal(Fd process, int signal) throws KernelException {
    try {
      Pidfd.signal(process, signal);
    } catch (KernelException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }
}

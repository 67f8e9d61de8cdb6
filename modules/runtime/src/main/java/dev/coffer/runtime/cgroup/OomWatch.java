package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.Epoll;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.EventFd;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells when a cgroup has run out of memory: in version 1 by an eventfd that is registered
 * (cgroup-v1/memory.rst, 9), in version 2 by the file of counts, which wakes who waits for it
 * (cgroup-v2.rst). The removal of the cgroup wakes it, too.
 */
public final class OomWatch implements AutoCloseable {
  private final Fd source;
  private final Path events;
  private final boolean version2;
  private long kills;

  private OomWatch(Fd source, Path events, boolean version2) throws IOException {
    this.source = source;
    this.events = events;
    this.version2 = version2;
    this.kills = count();
  }

  static OomWatch version1(Path directory) throws IOException {
    Fd event = EventFd.open();
    Path control = directory.resolve("memory.oom_control");
    try (Fd watched = FileOpen.path(control.toString(), OpenFlags.RDONLY)) {
      ProcFile.write(
          directory.resolve("cgroup.event_control").toString(),
          event.number() + " " + watched.number());
      return new OomWatch(event, control, false);
    } catch (IOException e) {
      event.close();
      throw e;
    }
  }

  static OomWatch version2(Path directory) throws IOException {
    Path events = directory.resolve("memory.events");
    Fd file = FileOpen.path(events.toString(), OpenFlags.RDONLY);
    try {
      return new OomWatch(file, events, true);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Has a waiter wake up when there may be something to {@link #poll}. */
  public void watchBy(Epoll epoll, long tag) throws KernelException {
    epoll.add(source, version2 ? Epoll.URGENT : Epoll.READABLE, tag);
  }

  /** Whether it has run out of memory since the last time that was asked. */
  public boolean poll() throws IOException {
    if (!version2) {
      EventFd.clear(source);
    }
    long now = count();
    boolean more = now > kills;
    kills = Math.max(now, kills);
    return more;
  }

  /** In version 2 it is reading the open file that arms it anew. */
  private long count() throws IOException {
    if (!version2) {
      CgroupDirectory directory = CgroupDirectory.of(events.getParent());
      return KeyedFile.parse(directory.read(events.getFileName().toString()).orElse(""))
          .orZero("oom_kill");
    }
    try {
      long ignored = FileData.seek(source, 0, 0);
      return KeyedFile.parse(ProcFile.read(source)).orZero("oom_kill");
    } catch (KernelException e) {
      if (e.is(Errno.ENODEV)) {
        return kills;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    source.close();
  }
}

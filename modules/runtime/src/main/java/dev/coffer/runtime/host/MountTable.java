package dev.coffer.runtime.host;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.ProcFile;
import java.io.IOException;

/**
 * The mounts that this process sees. The kernel writes the whole table each time it is read, and
 * tells whoever has it open that a mount has come, gone or changed (proc(5), {@code mounts}): only
 * then is it read again. Safe for many threads.
 */
public final class MountTable implements AutoCloseable {
  private static final String FILE = "/proc/self/mountinfo";

  private Fd opened;
  private String text;
  private boolean closed;

  /** One that is opened when it is first wanted. */
  public MountTable() {}

  /** The table as {@code /proc/PID/mountinfo} has it. */
  public synchronized String text() throws IOException {
    if (closed) {
      return ProcFile.read(FILE);
    }
    if (opened == null || Poll.changed(opened)) {
      // What changes from now on is told of the new one.
      Fd before = opened;
      opened = FileOpen.path(FILE, OpenFlags.RDONLY);
      if (before != null) {
        before.close();
      }
      text = ProcFile.read(opened);
    }
    return text;
  }

  /** Lets go of the file; who asks later has the table read anew. */
  @Override
  public synchronized void close() {
    closed = true;
    if (opened != null) {
      opened.close();
    }
  }
}

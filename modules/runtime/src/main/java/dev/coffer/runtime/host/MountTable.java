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

  private Fd watched;
  private String text;
  private boolean closed;

  /** One that is opened when it is first wanted. */
  public MountTable() {}

  /** The table as {@code /proc/PID/mountinfo} has it. */
  public synchronized String text() throws IOException {
    if (closed) {
      return ProcFile.read(FILE);
    }
    if (watched == null) {
      watched = FileOpen.path(FILE, OpenFlags.RDONLY);
    }
    if (text == null || Poll.changed(watched)) {
      // A change is told once: of a table that could not be read then, nothing may be left.
      text = null;
      text = ProcFile.read(FILE);
    }
    return text;
  }

  /** Lets go of the file; who asks later has the table read anew. */
  @Override
  public synchronized void close() {
    closed = true;
    if (watched != null) {
      watched.close();
    }
  }
}

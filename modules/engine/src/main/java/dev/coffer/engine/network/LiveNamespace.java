package dev.coffer.engine.network;

import dev.coffer.engine.container.LiveContainer;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import java.io.IOException;

/** The network namespace of a running container. */
final class LiveNamespace {

  private LiveNamespace() {}

  /** Opens it; a process that has the pid after the container's is not mistaken for it. */
  static Fd of(LiveContainer live) throws IOException {
    try (Fd process = live.connection().pidfd()) {
      Fd namespace =
          FileOpen.path("/proc/" + live.connection().pid() + "/ns/net", OpenFlags.RDONLY);
      try {
        // Signal 0 asks whether it is there, and so was when the file was opened.
        Pidfd.signal(process, 0);
        return namespace;
      } catch (IOException e) {
        namespace.close();
        throw e;
      }
    }
  }
}

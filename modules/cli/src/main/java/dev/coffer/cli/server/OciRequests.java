package dev.coffer.cli.server;

import dev.coffer.cli.oci.OciCommandLine;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.Release;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.Request;
import java.io.IOException;
import java.nio.file.Path;

/** Requests whose launcher was called as an OCI runtime. */
final class OciRequests {
  private OciRequests() {}

  static boolean isOci(Request request) {
    return !request.arguments().isEmpty()
        && Path.of(request.arguments().getFirst()).endsWith(OciCommandLine.PROGRAM);
  }

  /** Runs the command; its exit code. */
  static int run(EngineRequest request, OciHost host, Answer answer, FrameChannel channel)
      throws IOException {
    int pid = UnixSocket.peer(channel.socket()).pid();
    return OciCommandLine.run(request, host, answer.runner(), pid, Release.VERSION);
  }
}

package dev.coffer.cli.server;

import dev.coffer.cli.oci.OciCommandLine;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.runtime.Release;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.runtime.protocol.Request;
import java.nio.file.Path;

/** Requests whose launcher was called as an OCI runtime. */
final class OciRequests {
  private OciRequests() {}

  static boolean isOci(Request request) {
    return !request.arguments().isEmpty()
        && Path.of(request.arguments().getFirst()).endsWith(OciCommandLine.PROGRAM);
  }

  /**
   * Runs the command; its exit code.
   *
   * @param pid the caller's
   * @param sameMounts whether the caller sees the mounts that the engine sees
   */
  static int run(EngineRequest request, OciHost host, Answer answer, int pid, boolean sameMounts) {
    return OciCommandLine.run(request, host, answer.runner(), pid, sameMounts, Release.VERSION);
  }
}

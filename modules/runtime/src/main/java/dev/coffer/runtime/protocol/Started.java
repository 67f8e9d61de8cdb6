package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.List;

/**
 * The monitor's word that the container's process runs; the frame carries its pidfd.
 *
 * @param pid as the monitor sees it
 * @param startedAt nanoseconds since the epoch
 */
public record Started(int pid, long startedAt) {
  public Frame toFrame(Fd pidfd) {
    return new Frame(
        FrameType.STARTED, new PayloadWriter().i32(pid).i64(startedAt).toBytes(), List.of(pidfd));
  }

  public static Started decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(FrameType.STARTED, payload, r -> new Started(r.i32(), r.i64()));
  }
}

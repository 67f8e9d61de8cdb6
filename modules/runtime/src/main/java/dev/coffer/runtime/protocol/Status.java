package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.List;

/**
 * A monitor's answer to {@code QUERY}; the frame carries the pidfd where the process runs.
 *
 * @param startedAt nanoseconds since the epoch
 * @param clients how many are attached
 */
public record Status(boolean running, int pid, long startedAt, int clients) {
  public Frame toFrame(List<Fd> pidfd) {
    return new Frame(
        FrameType.STATUS,
        new PayloadWriter().u8(running ? 1 : 0).i32(pid).i64(startedAt).i32(clients).toBytes(),
        pidfd);
  }

  public static Status decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(
        FrameType.STATUS, payload, r -> new Status(r.u8() == 1, r.i32(), r.i64(), r.i32()));
  }
}

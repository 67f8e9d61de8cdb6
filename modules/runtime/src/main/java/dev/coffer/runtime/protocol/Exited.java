package dev.coffer.runtime.protocol;

/**
 * The monitor's word that the container's process ended; the exit record is on disk.
 *
 * @param exitCode 0 to 255; 128 + signal where one ended it
 * @param signal 0 where it left by itself
 * @param finishedAt nanoseconds since the epoch
 */
public record Exited(int exitCode, int signal, boolean oomKilled, long finishedAt) {
  public Frame toFrame() {
    return Frame.of(
        FrameType.EXITED,
        new PayloadWriter()
            .i32(exitCode)
            .i32(signal)
            .u8(oomKilled ? 1 : 0)
            .i64(finishedAt)
            .toBytes());
  }

  public static Exited decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(
        FrameType.EXITED, payload, r -> new Exited(r.i32(), r.i32(), r.u8() != 0, r.i64()));
  }
}

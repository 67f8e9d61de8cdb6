package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.List;

/**
 * "Here is your monitor": the launcher becomes a client of a container.
 *
 * @param raw whether its terminal goes into raw mode
 * @param signalProxy whether it forwards the signals that it gets
 */
public record MonitorHandover(boolean raw, boolean signalProxy, Attach attach) {
  /** The frame with the socket whose other end the monitor holds. */
  public Frame toFrame(Fd client) {
    byte[] payload =
        new PayloadWriter()
            .u8(raw ? 1 : 0)
            .u8(signalProxy ? 1 : 0)
            .u8(attach.bits())
            .u8(0)
            .toBytes();
    return new Frame(FrameType.MONITOR, payload, List.of(client));
  }

  public static MonitorHandover decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(
        FrameType.MONITOR,
        payload,
        r -> new MonitorHandover(r.u8() != 0, r.u8() != 0, Attach.of(r.u8())));
  }
}

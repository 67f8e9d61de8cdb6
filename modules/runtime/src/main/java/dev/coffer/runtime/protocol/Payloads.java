package dev.coffer.runtime.protocol;

import java.util.List;

/** The frames whose payload is one number, a window size, words or nothing but bytes. */
public final class Payloads {
  private Payloads() {}

  /** {@code RESIZE}, from a launcher, client or engine. */
  public static Frame resize(WindowSize size) {
    return Frame.of(
        FrameType.RESIZE, new PayloadWriter().u16(size.rows()).u16(size.columns()).toBytes());
  }

  public static WindowSize decodeResize(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(FrameType.RESIZE, payload, r -> new WindowSize(r.u16(), r.u16()));
  }

  /** {@code SIGNAL}: a signal's number for the container's process, or one a launcher caught. */
  public static Frame signal(int signal) {
    return number(FrameType.SIGNAL, signal);
  }

  /** {@code EXIT}: the code with which a launcher leaves. */
  public static Frame exit(int code) {
    return number(FrameType.EXIT, code);
  }

  /** {@code RAISE}: the signal of which a launcher dies. */
  public static Frame raise(int signal) {
    return number(FrameType.RAISE, signal);
  }

  /**
   * {@code WAIT}, for a launcher that runs plans.
   *
   * @param errand what it runs at the end where the engine is gone by then; empty: nothing
   */
  public static Frame await(List<String> errand) {
    return Frame.of(FrameType.WAIT, new PayloadWriter().list(errand).toBytes());
  }

  /** The number in a {@code SIGNAL}, {@code EXIT} or {@code RAISE}. */
  public static int decodeNumber(Frame frame) throws ProtocolException {
    return PayloadReader.decode(frame.type(), frame.payload(), PayloadReader::i32);
  }

  private static Frame number(FrameType type, int number) {
    return Frame.of(type, new PayloadWriter().i32(number).toBytes());
  }
}

package dev.coffer.runtime.protocol;

/**
 * The launcher's first frame.
 *
 * @param build a number that grows with every build; the newer of two wins
 */
public record Hello(int version, long capabilities, long build) {
  public Frame toFrame() {
    return Frame.of(
        FrameType.HELLO, new PayloadWriter().i32(version).i64(capabilities).i64(build).toBytes());
  }

  public static Hello decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(
        FrameType.HELLO, payload, r -> new Hello(r.i32(), r.i64(), r.i64()));
  }
}

package dev.coffer.runtime.protocol;

/** The engine's answer to {@link Hello}. */
public record HelloReply(int version, long capabilities, long build, int pid) {
  public Frame toFrame() {
    return Frame.of(
        FrameType.HELLO_REPLY,
        new PayloadWriter().i32(version).i64(capabilities).i64(build).i32(pid).toBytes());
  }

  public static HelloReply decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(
        FrameType.HELLO_REPLY, payload, r -> new HelloReply(r.i32(), r.i64(), r.i64(), r.i32()));
  }
}

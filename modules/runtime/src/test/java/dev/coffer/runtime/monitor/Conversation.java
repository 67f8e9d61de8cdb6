package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** All that a client hears until the end. */
record Conversation(String output, String errors, int exitCode) {
  static Conversation listen(Fd socket) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    FrameChannel channel = new FrameChannel(socket);
    int code = -1;
    while (true) {
      Optional<Frame> frame = channel.receive();
      if (frame.isEmpty()) {
        return new Conversation(
            output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8), code);
      }
      if (frame.get().type() == FrameType.OUT) {
        output.writeBytes(frame.get().payload());
      } else if (frame.get().type() == FrameType.ERR) {
        errors.writeBytes(frame.get().payload());
      } else if (frame.get().type() == FrameType.EXIT) {
        code = Payloads.decodeNumber(frame.get());
      }
    }
  }
}

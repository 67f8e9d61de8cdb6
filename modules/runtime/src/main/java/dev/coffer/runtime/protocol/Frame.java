package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.List;

/**
 * A frame with the descriptors that travel with it.
 *
 * @param payload owned by the frame, not to be changed
 * @param descriptors of a received frame, owned by whoever received it; of one to be sent, still
 *     the sender's own
 */
@SuppressWarnings("ArrayRecordComponent")
public record Frame(FrameType type, byte[] payload, List<Fd> descriptors) {
  public Frame {
    descriptors = List.copyOf(descriptors);
  }

  /** A frame with no descriptors. */
  public static Frame of(FrameType type, byte[] payload) {
    return new Frame(type, payload, List.of());
  }

  /** A frame that says all by its type. */
  public static Frame of(FrameType type) {
    return of(type, new byte[0]);
  }

  /** Closes all descriptors: what to do with a frame that nobody wants. */
  public void closeDescriptors() {
    descriptors.forEach(Fd::close);
  }
}

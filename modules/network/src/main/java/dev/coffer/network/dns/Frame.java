package dev.coffer.network.dns;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A message in a stream, as far as it has come: its length in two bytes, and its bytes. */
final class Frame {
  private final int largest;
  private ByteBuffer part = ByteBuffer.allocate(Short.BYTES);
  private boolean lengthRead;

  /**
   * Begins with nothing.
   *
   * @param largest the length that a message may have
   */
  Frame(int largest) {
    this.largest = largest;
  }

  /** A message with its length before it. */
  static ByteBuffer of(ByteBuffer message) {
    return ByteBuffer.allocate(Short.BYTES + message.remaining())
        .putShort((short) message.remaining())
        .put(message.duplicate())
        .flip();
  }

  /**
   * Reads on.
   *
   * @return whether the message is whole
   * @throws EOFException when the stream has ended
   * @throws IOException when the message would be too large, too
   */
  boolean read(ReadableByteChannel from) throws IOException {
    fill(from);
    if (!lengthRead && !part.hasRemaining()) {
      int length = Short.toUnsignedInt(part.getShort(0));
      if (length < Answers.HEADER_BYTES || length > largest) {
        throw new IOException("a message of " + length + " bytes");
      }
      lengthRead = true;
      part = ByteBuffer.allocate(length);
      fill(from);
    }
    return lengthRead && !part.hasRemaining();
  }

  private void fill(ReadableByteChannel from) throws IOException {
    if (part.hasRemaining() && from.read(part) < 0) {
      throw new EOFException();
    }
  }

  /** The message, when it is whole. */
  ByteBuffer message() {
    return part.duplicate().flip();
  }
}

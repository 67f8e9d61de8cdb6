package dev.coffer.image.stream;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.BlockInput;
import dev.coffer.kernel.library.RawInflater;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;

/**
 * Reads gzip of any number of members (eStargz and pigz write many), with large buffers, and checks
 * each member's length and CRC. Zeros after the last member are padding.
 *
 * <p>Source: RFC 1952. The JDK's own stream takes the bytes after a member for the end if {@code
 * available()} of its source happens to answer 0.
 */
final class GzipStream extends BlockInput {
  private static final int BUFFER = 128 * 1024;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** Names and comments in a header have no bound of their own. */
  private static final int MAX_HEADER_TEXT = 64 * 1024;

  private final InputStream in;

  /** Begins with the end of what was read before, to where an inflater may have to go back. */
  private final byte[] buffer = new byte[RawInflater.OVERREAD + BUFFER];

  private final RawInflater inflater = RawInflater.open();
  private final CRC32 crc = new CRC32();
  private int position = RawInflater.OVERREAD;
  private int limit = RawInflater.OVERREAD;
  private boolean ended;

  GzipStream(InputStream in) throws IOException {
    this.in = in;
    readHeader();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      while (!ended) {
        int count = inflater.inflate(into, offset, length);
        if (count > 0) {
          crc.update(into, offset, count);
          return count;
        }
        if (inflater.finished()) {
          endMember();
        } else {
          feed();
        }
      }
      return -1;
    } catch (DataFormatException e) {
      throw new ImageException(Kind.MALFORMED, "broken gzip stream: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    inflater.close();
  }

  private void feed() throws IOException {
    if (!fill()) {
      throw truncated();
    }
    inflater.setInput(buffer, position, limit - position);
    position = limit;
  }

  private void endMember() throws IOException {
    position = limit - inflater.remaining();
    long total = inflater.written();
    if (little(4) != crc.getValue() || little(4) != (total & 0xffff_ffffL)) {
      throw new ImageException(
          Kind.MALFORMED, "broken gzip stream: a member's checksum or length is wrong");
    }
    inflater.reset();
    crc.reset();
    int next = nextByte();
    while (next == 0) {
      next = nextByte();
    }
    if (next < 0) {
      ended = true;
    } else {
      position--;
      readHeader();
    }
  }

  private void readHeader() throws IOException {
    if (little(2) != 0x8b1f || octet() != 8) {
      throw new ImageException(Kind.MALFORMED, "broken gzip stream: no member where one should be");
    }
    int flags = octet();
    if ((flags & RESERVED) != 0) {
      throw new ImageException(Kind.MALFORMED, "broken gzip stream: unknown flags");
    }
    little(6);
    if ((flags & EXTRA) != 0) {
      for (long left = little(2); left > 0; left--) {
        octet();
      }
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      little(2);
    }
    inflater.setInput(buffer, position, limit - position);
  }

  private void skipText() throws IOException {
    for (int i = 0; octet() != 0; i++) {
      if (i > MAX_HEADER_TEXT) {
        throw new ImageException(Kind.LIMIT_EXCEEDED, "broken gzip stream: an endless header");
      }
    }
  }

  private long little(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) octet() << (8 * i);
    }
    return value;
  }

  private int octet() throws IOException {
    int octet = nextByte();
    if (octet < 0) {
      throw truncated();
    }
    return octet;
  }

  private int nextByte() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xff : -1;
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, limit - RawInflater.OVERREAD, buffer, 0, RawInflater.OVERREAD);
    position = RawInflater.OVERREAD;
    limit = position + Math.max(0, in.read(buffer, position, BUFFER));
    return limit > position;
  }

  private static ImageException truncated() {
    return new ImageException(Kind.TRUNCATED, "truncated gzip stream");
  }
}

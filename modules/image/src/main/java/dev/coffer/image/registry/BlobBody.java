package dev.coffer.image.registry;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a blob as they arrive. A stall is an {@link IOException} after a while; the stream
 * never gives more than was asked for.
 *
 * @param offset where in the blob the stream starts: 0 when the registry knows no ranges, although
 *     another offset was asked for
 * @param host who sends them, for messages
 * @param bytes the stream, to be closed by whoever asked for it
 */
public record BlobBody(long offset, String host, InputStream bytes) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    bytes.close();
  }
}

package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.client.Places.Place;
import dev.coffer.image.registry.http.Messages;
import dev.coffer.kernel.BlockInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** A blob's bytes as they come; what goes wrong names the blob and the host. */
final class BlobStream extends BlockInput {
  private final InputStream in;
  private final Place place;
  private final String object;
  private final String host;
  private long missing;

  /**
   * Reads what is expected and no more.
   *
   * @param expected how many bytes there must be
   */
  BlobStream(InputStream in, long expected, Place place, String object, String host) {
    this.in = in;
    this.missing = expected;
    this.place = place;
    this.object = object;
    this.host = host;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (missing == 0) {
      return -1;
    }
    int count;
    try {
      count = in.read(bytes, from, (int) Math.min(length, missing));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw broken(ImageException.Kind.UNAVAILABLE, Messages.of(e), e);
    }
    if (count < 0) {
      throw broken(
          ImageException.Kind.TRUNCATED, "it ends %d bytes early".formatted(missing), null);
    }
    missing -= count;
    return count;
  }

  private ImageException broken(ImageException.Kind kind, String reason, Throwable cause) {
    // The next try begins elsewhere, if there is another place.
    place.avoid();
    return new ImageException(
        kind, "cannot read %s from %s: %s".formatted(object, host, reason), cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

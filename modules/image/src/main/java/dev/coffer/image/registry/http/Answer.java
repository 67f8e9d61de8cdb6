package dev.coffer.image.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/**
 * What a server said. It must be closed unless its body has been handed on.
 *
 * @param status the status code
 * @param headers the header fields
 * @param from who answered, after redirects
 * @param body the bytes as they come
 */
public record Answer(int status, HttpHeaders headers, URI from, InputStream body)
    implements AutoCloseable {
  private static final int WORTH_READING = 64 << 10;

  static Answer of(HttpResponse<InputStream> response) {
    return new Answer(response.statusCode(), response.headers(), response.uri(), response.body());
  }

  /** A header field's first value. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** All values of a header field. */
  public List<String> all(String name) {
    return headers.allValues(name);
  }

  /** Whether it is one of the codes 200 to 299. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /**
   * The whole body.
   *
   * @return at most one byte more than the limit, by which the caller sees that there is more
   */
  public byte[] bytes(int limit) throws IOException {
    return body.readNBytes(limit + 1);
  }

  /** Lets go; a short rest is read, so that the connection can be used again. */
  @Override
  public void close() {
    try (body) {
      byte[] ignored = body.readNBytes(WORTH_READING);
    } catch (IOException e) {
      // The answer has been understood without its rest.
    }
  }
}

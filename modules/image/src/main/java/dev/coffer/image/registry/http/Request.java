package dev.coffer.image.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server.
 *
 * @param method such as GET
 * @param uri where
 * @param headers header fields
 * @param content what is sent along
 */
public record Request(
    String method, URI uri, Map<String, String> headers, Optional<Content> content) {

  /** Bytes to send, of known length, which can be opened again for another try. */
  public interface Content {
    /** How many bytes there are. */
    long length();

    /** Opens them from the first on. */
    InputStream open() throws IOException;
  }

  public Request {
    headers = Map.copyOf(headers);
  }

  /** A request without content. */
  public static Request of(String method, URI uri, Map<String, String> headers) {
    return new Request(method, uri, headers, Optional.empty());
  }

  /** This request with another header field. */
  public Request with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Request(method, uri, more, content);
  }

  /** This request at another address. */
  public Request at(URI other) {
    return new Request(method, other, headers, content);
  }
}

package dev.coffer.testkit.registry;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A request and the answer to it. */
public final class Exchange {
  private final HttpExchange exchange;

  Exchange(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** Such as GET. */
  public String method() {
    return exchange.getRequestMethod();
  }

  /** The path without the query. */
  public String path() {
    return exchange.getRequestURI().getPath();
  }

  /** A parameter of the query. */
  public Optional<String> query(String name) {
    Map<String, String> parameters = new HashMap<>();
    String query = exchange.getRequestURI().getQuery();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return Optional.ofNullable(parameters.get(name));
  }

  /** The query as it came. */
  public String rawQuery() {
    return String.valueOf(exchange.getRequestURI().getRawQuery());
  }

  /** A header field of the request. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The request's body. */
  public byte[] body() throws IOException {
    return exchange.getRequestBody().readAllBytes();
  }

  /** Reads the request's body without keeping it. */
  public void drain() throws IOException {
    long _ = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
  }

  /** Sets a header field of the answer. */
  public Exchange set(String name, String value) {
    exchange.getResponseHeaders().add(name, value);
    return this;
  }

  /** Answers without a body. */
  public void answer(int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Answers with text. */
  public void answer(int status, String text) throws IOException {
    answer(status, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with bytes; a HEAD gets their length alone. */
  public void answer(int status, byte[] bytes) throws IOException {
    if (method().equals("HEAD")) {
      set("Content-Length", String.valueOf(bytes.length)).answer(status);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
    exchange.close();
  }

  /** Promises a length and gives the stream to write the bytes to, or fewer. */
  public OutputStream begin(int status, long length) throws IOException {
    exchange.sendResponseHeaders(status, length);
    return exchange.getResponseBody();
  }

  /** Breaks the connection off. */
  public void breakOff() {
    exchange.close();
  }

  /** What came, in one line. */
  @Override
  public String toString() {
    return method() + " " + exchange.getRequestURI();
  }
}

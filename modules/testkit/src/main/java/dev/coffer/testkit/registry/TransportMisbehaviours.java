package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers that are no HTTP, and mirrors that are no help. */
final class TransportMisbehaviours {
  private TransportMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        raw("closes every connection at once", ""),
        raw("speaks another protocol", "220 mail.example.org ESMTP\r\n"),
        raw("has a status that is no number", "HTTP/1.1 OK 200\r\n\r\n"),
        raw("has a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"),
        raw(
            "has a length beyond numbers",
            "HTTP/1.1 200 OK\r\nContent-Length: " + "9".repeat(40) + "\r\n\r\nhello"),
        raw(
            "has two lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 900000\r\n\r\nhello"),
        raw(
            "has chunks of no size",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n"),
        raw(
            "has chunks of negative size",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n"),
        raw(
            "has chunks of endless size",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nhello\r\n"),
        raw("ends in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhello"),
        raw("has a header line without a colon", "HTTP/1.1 200 OK\r\nhello\r\n\r\n"),
        endless("has a header without an end", "X-Header: " + "x".repeat(1000) + "\r\n"),
        endless("has a header line without an end", "x".repeat(1000)),
        endless("goes on saying that it will", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 "),
        fails(
            Action.PULL,
            "is silent after accepting",
            "UNAVAILABLE",
            r -> {
              r.raw().answer((request, out) -> Thread.currentThread().join());
              r.layerIsAt(address(r));
            },
            "{layer}"),
        succeeds(
            Action.PULL, "has a mirror that has nothing", r -> r.mirror(r.elsewhere().domain())),
        succeeds(
            Action.PULL,
            "has a mirror that has something else",
            TransportMisbehaviours::otherMirror),
        succeeds(
            Action.PULL,
            "has a mirror that fails",
            r -> mirror(r, exchange -> answered(exchange, 500))),
        succeeds(
            Action.PULL,
            "has a mirror that wants a password",
            r ->
                mirror(
                    r,
                    exchange ->
                        answered(exchange.set("WWW-Authenticate", "Basic realm=\"x\""), 401))),
        succeeds(Action.PULL, "has a mirror that stalls", r -> mirror(r, exchange -> r.stall())),
        succeeds(
            Action.PULL,
            "has a mirror that sends a page for people",
            r ->
                mirror(
                    r,
                    exchange -> {
                      exchange.answer(200, "<html>");
                      return true;
                    })),
        succeeds(
            Action.PULL,
            "has a mirror that is no server of this kind",
            r -> {
              r.raw().say("220 mail.example.org ESMTP\r\n");
              r.mirror(r.raw().domain());
            }));
  }

  private static String address(HostileRegistry registry) {
    return "http://" + registry.raw().domain() + "/layer";
  }

  private static Misbehaviour raw(String title, String answer) {
    return fails(
        Action.PULL,
        title,
        "UNAVAILABLE|TRUNCATED|MALFORMED",
        r -> {
          r.raw().say(answer);
          r.layerIsAt(address(r));
        },
        "{layer}");
  }

  private static Misbehaviour endless(String title, String again) {
    return fails(
        Action.PULL,
        title,
        "UNAVAILABLE",
        r -> {
          r.raw()
              .answer(
                  (request, out) -> {
                    write(out, again.startsWith("HTTP") ? "HTTP/1.1 " : "HTTP/1.1 200 OK\r\n");
                    write(out, again.startsWith("HTTP") ? "103 Early Hints\r\n\r\n" : "");
                    while (!Thread.currentThread().isInterrupted()) {
                      write(out, again.startsWith("HTTP") ? "HTTP/1.1 103 Hints\r\n\r\n" : again);
                    }
                  });
          r.layerIsAt(address(r));
        },
        "{layer}");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean answered(Exchange exchange, int status) throws IOException {
    exchange.answer(status);
    return true;
  }

  private static void mirror(HostileRegistry registry, FakeRegistry.Handler handler) {
    registry.elsewhere().when("", handler);
    registry.mirror(registry.elsewhere().domain());
  }

  /** The tag is the same there, and the layers' bytes are not. */
  private static void otherMirror(HostileRegistry registry) {
    HostileRegistry.has(registry.elsewhere(), registry.image());
    mirror(
        registry,
        exchange -> {
          if (exchange.path().contains("/blobs/")) {
            exchange.answer(200, new byte[10]);
            return true;
          }
          return false;
        });
  }
}

package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.HostileRegistry.knowing;
import static dev.coffer.testkit.registry.HostileRegistry.times;
import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Wrong and missing bytes of a layer, ranges that are none, and redirects. */
final class BlobMisbehaviours {
  private static final int SOME = 20_000;
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

  private BlobMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        pull("has a layer no more", "NOT_FOUND", r -> answers(r, 404), "{layer}"),
        pull("forbids a layer", "UNAUTHORIZED", r -> answers(r, 403), "{layer}"),
        pull("does not allow to read a layer", "NOT_SUPPORTED", r -> answers(r, 405), "{layer}"),
        pull(
            "says that a layer is longer than itself",
            "MALFORMED",
            r -> answers(r, 416),
            "{layer}"),
        pull("answers with a status that is none", "MALFORMED", r -> answers(r, 299), "{layer}"),
        pull("fails forever", "UNAVAILABLE", r -> answers(r, 500), "{layer}", "500"),
        pull("is a gateway to nothing", "UNAVAILABLE", r -> answers(r, 502), "{layer}", "502"),
        pull(
            "wants the client to come back in ten years",
            "UNAVAILABLE",
            r -> wait(r, 429, "315360000"),
            "{layer}",
            "315360000"),
        pull(
            "wants the client to come back at a date far away",
            "UNAVAILABLE",
            r -> wait(r, 429, date(400)),
            "{layer}"),
        pull("is always too busy, without end", "UNAVAILABLE", r -> wait(r, 429, "0"), "{layer}"),
        pull("names a time before now", "UNAVAILABLE", r -> wait(r, 503, date(-400)), "{layer}"),
        pull("names a negative time", "UNAVAILABLE", r -> wait(r, 429, "-5"), "{layer}"),
        pull(
            "names a time that is none",
            "UNAVAILABLE",
            r -> wait(r, 429, "soon " + "9".repeat(300)),
            "{layer}"),
        succeeds(
            Action.PULL,
            "fails once",
            r -> r.whenLayer(times(1, exchange -> answered(exchange, 503)))),
        succeeds(
            Action.PULL,
            "is too busy once",
            r ->
                r.whenLayer(times(1, exchange -> answered(exchange.set("Retry-After", "0"), 429)))),
        pull(
            "sends other bytes of the same size",
            "DIGEST_MISMATCH",
            r -> sends(r, turned(r.layerBytes())),
            "{layer}"),
        pull(
            "sends zeros",
            "DIGEST_MISMATCH",
            r -> sends(r, new byte[(int) r.layer().size()]),
            "{layer}"),
        pull(
            "sends less than there is",
            "TRUNCATED|UNAVAILABLE",
            r -> sends(r, Arrays.copyOf(r.layerBytes(), SOME)),
            "{layer}"),
        pull(
            "sends nothing for a layer",
            "TRUNCATED|UNAVAILABLE",
            r -> sends(r, new byte[0]),
            "{layer}"),
        succeeds(
            Action.PULL,
            "sends more than there is",
            r -> sends(r, ImageMisbehaviours.concat(r.layerBytes(), new byte[50]))),
        pull(
            "sends zeros without an end",
            "DIGEST_MISMATCH",
            r -> r.whenLayer(exchange -> HostileRegistry.flood(exchange.begin(200, 0), "\0")),
            "{layer}"),
        pull(
            "packs a layer once more",
            "DIGEST_MISMATCH|TRUNCATED|UNAVAILABLE",
            r ->
                r.whenLayer(
                    knowing(
                        exchange ->
                            sent(
                                exchange.set("Content-Encoding", "gzip"),
                                ImageBuilder.gzip(r.layerBytes())))),
            "{layer}"),
        succeeds(
            Action.PULL,
            "says that a layer is packed, which it is not",
            r ->
                r.whenLayer(
                    knowing(
                        exchange ->
                            sent(exchange.set("Content-Encoding", "gzip"), r.layerBytes())))),
        pull(
            "gives a part for the whole",
            "MALFORMED|TRUNCATED|UNAVAILABLE",
            r -> part(r, "bytes 100-%d/%d", 100),
            "{layer}"),
        pull("gives a part without saying which", "MALFORMED", r -> part(r, "", 0), "{layer}"),
        pull(
            "gives a part with a range in words",
            "MALFORMED",
            r -> part(r, "bytes from here on", 0),
            "{layer}"),
        pull(
            "gives a part with numbers beyond numbers",
            "MALFORMED",
            r -> part(r, "bytes 0-99999999999999999999/99999999999999999999", 0),
            "{layer}"),
        pull(
            "breaks off in a layer, always at the same byte",
            "TRUNCATED|UNAVAILABLE",
            r -> r.whenLayer(exchange -> breaksOff(r, exchange, SOME, false)),
            "{layer}"),
        pull(
            "breaks off before a layer",
            "UNAVAILABLE",
            r -> r.whenLayer(exchange -> breaksOff(exchange)),
            "{layer}"),
        pull(
            "stalls before a layer",
            "UNAVAILABLE",
            r -> r.whenLayer(exchange -> r.stall()),
            "{layer}"),
        pull(
            "stalls in a layer",
            "UNAVAILABLE",
            r -> r.whenLayer(exchange -> stalls(r, exchange)),
            "{layer}"),
        succeeds(
            Action.PULL,
            "breaks off before a layer once",
            r -> r.whenLayer(times(1, exchange -> breaksOff(exchange)))),
        succeeds(
            Action.PULL,
            "breaks off in a layer once",
            r -> r.whenLayer(times(1, exchange -> breaksOff(r, exchange, SOME, false)))),
        succeeds(
            Action.PULL,
            "breaks off in a layer, each time a little later",
            r -> r.whenLayer(knowing(exchange -> breaksOff(r, exchange, SOME, true)))),
        succeeds(Action.PULL, "knows no ranges and breaks off once", r -> ignoresRanges(r, 1)),
        pull(
            "changes a layer between two parts of it",
            "DIGEST_MISMATCH",
            BlobMisbehaviours::changes,
            "{layer}"),
        pull(
            "sends from one address to the next",
            "UNAVAILABLE",
            r -> r.layerIsAt("/v2/app/blobs/" + r.layer().digest() + "?again=1"),
            "{layer}"),
        pull(
            "sends to a file of this host",
            "UNAVAILABLE",
            r -> r.layerIsAt("file:///etc/passwd"),
            "{layer}"),
        pull(
            "sends to another protocol",
            "UNAVAILABLE",
            r -> r.layerIsAt("ftp://" + r.raw().domain() + "/x"),
            "{layer}"),
        pull(
            "sends to an address with a password",
            "UNAVAILABLE",
            r -> r.layerIsAt("http://a:b@" + r.elsewhere().domain() + "/x"),
            "{layer}"),
        pull(
            "sends to an address that is none",
            "UNAVAILABLE",
            r -> r.layerIsAt("http://[::1"),
            "{layer}"),
        pull(
            "sends nowhere",
            "MALFORMED|UNAVAILABLE",
            r -> r.whenLayer(exchange -> answered(exchange, 307)),
            "{layer}"),
        pull(
            "sends to a host that has other bytes",
            "DIGEST_MISMATCH",
            r -> {
              r.layerIsAt(elsewhere(r));
              r.elsewhere().when("GET", exchange -> sent(exchange, turned(r.layerBytes())));
            },
            "{layer}"),
        pull(
            "sends to a host that has nothing",
            "NOT_FOUND",
            r -> r.layerIsAt(elsewhere(r)),
            "{layer}"),
        succeeds(
            Action.PULL,
            "sends to a host that has it",
            r -> {
              HostileRegistry.has(r.elsewhere(), r.image());
              r.layerIsAt(elsewhere(r));
            }));
  }

  private static Misbehaviour pull(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.PULL, title, kind, deed, parts);
  }

  private static String elsewhere(HostileRegistry registry) {
    return "http://" + registry.elsewhere().domain() + "/v2/app/blobs/" + registry.layer().digest();
  }

  private static void answers(HostileRegistry registry, int status) {
    registry.whenLayer(knowing(exchange -> answered(exchange, status)));
  }

  private static boolean answered(Exchange exchange, int status) throws IOException {
    exchange.answer(status);
    return true;
  }

  private static void wait(HostileRegistry registry, int status, String when) {
    registry.whenLayer(exchange -> answered(exchange.set("Retry-After", when), status));
  }

  private static String date(int days) {
    ZonedDateTime then = ZonedDateTime.now(ZoneOffset.UTC).plusDays(days);
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(then);
  }

  private static void sends(HostileRegistry registry, byte[] bytes) {
    registry.whenLayer(knowing(exchange -> sent(exchange, bytes)));
  }

  private static boolean sent(Exchange exchange, byte[] bytes) throws IOException {
    exchange.answer(200, bytes);
    return true;
  }

  private static byte[] turned(byte[] bytes) {
    byte[] turned = bytes.clone();
    turned[turned.length / 2] ^= 1;
    return turned;
  }

  /** A part that says that it is something else than the whole that was wanted. */
  private static void part(HostileRegistry registry, String range, int from) {
    byte[] bytes = registry.layerBytes();
    registry.whenLayer(
        knowing(
            exchange -> {
              if (!range.isEmpty()) {
                exchange.set("Content-Range", range.formatted(bytes.length - 1, bytes.length));
              }
              exchange.answer(206, Arrays.copyOfRange(bytes, from, bytes.length));
              return true;
            }));
  }

  private static boolean breaksOff(Exchange exchange) {
    exchange.breakOff();
    return true;
  }

  /** Sends some bytes of what is wanted, or of the whole, and breaks off. */
  private static boolean breaksOff(
      HostileRegistry registry, Exchange exchange, int count, boolean resumes) throws IOException {
    byte[] whole = registry.layerBytes();
    byte[] wanted = resumes ? wanted(exchange, whole) : whole;
    OutputStream out = exchange.begin(resumes && isPart(exchange) ? 206 : 200, wanted.length);
    out.write(wanted, 0, Math.min(count, wanted.length));
    out.flush();
    exchange.breakOff();
    return true;
  }

  private static boolean isPart(Exchange exchange) {
    return exchange.header("Range").isPresent();
  }

  /** The range of some bytes that a request is for, which the answer's header says, too. */
  private static byte[] wanted(Exchange exchange, byte[] whole) {
    Matcher range = RANGE.matcher(exchange.header("Range").orElse(""));
    if (!range.matches()) {
      return whole;
    }
    int from = Integer.parseInt(range.group(1));
    int to = Math.min(Integer.parseInt(range.group(2)), whole.length - 1);
    exchange.set("Content-Range", "bytes %d-%d/%d".formatted(from, to, whole.length));
    return Arrays.copyOfRange(whole, from, to + 1);
  }

  private static boolean stalls(HostileRegistry registry, Exchange exchange) throws IOException {
    OutputStream out = exchange.begin(200, registry.layer().size());
    out.write(registry.layerBytes(), 0, SOME);
    out.flush();
    return registry.stall();
  }

  private static void ignoresRanges(HostileRegistry registry, int breaks) {
    registry.whenLayer(knowing(exchange -> sent(exchange, registry.layerBytes())));
    registry.whenLayer(times(breaks, exchange -> breaksOff(registry, exchange, SOME, false)));
  }

  private static void changes(HostileRegistry registry) {
    byte[] other = registry.layerBytes().clone();
    Arrays.fill(other, other.length / 2, other.length, (byte) 7);
    registry.whenLayer(
        knowing(
            exchange -> {
              byte[] wanted = wanted(exchange, other);
              exchange.answer(isPart(exchange) ? 206 : 200, wanted);
              return true;
            }));
    registry.whenLayer(times(1, exchange -> breaksOff(registry, exchange, SOME, true)));
  }
}

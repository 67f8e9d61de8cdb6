package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.HostileRegistry.knowing;
import static dev.coffer.testkit.registry.HostileRegistry.times;
import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import dev.coffer.spec.image.Digest;
import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.io.IOException;
import java.util.List;

/** Registries that take an image in without an end, elsewhere, or as another one. */
final class UploadMisbehaviours {
  private static final String BEGIN = "POST /v2/pushed/blobs/uploads/";
  private static final String WHOLE = "PUT /v2/pushed/blobs/uploads/";
  private static final String PART = "PATCH /v2/pushed/blobs/uploads/";
  private static final String HOW_FAR = "GET /v2/pushed/blobs/uploads/";
  private static final String MANIFEST = "PUT /v2/pushed/manifests/1";
  private static final String OTHER = Digest.ofBytes(new byte[] {1}).toString();

  private UploadMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        push("begins no upload", "NOT_FOUND", r -> answers(r, BEGIN, 404), "blob"),
        push("lets nobody upload", "UNAUTHORIZED", r -> answers(r, BEGIN, 403), "blob"),
        push("fails to begin an upload", "UNAVAILABLE", r -> answers(r, BEGIN, 500), "blob"),
        push("begins an upload nowhere", "MALFORMED", r -> answers(r, BEGIN, 202), "blob"),
        push("takes an upload as begun and done", "MALFORMED", r -> answers(r, BEGIN, 200), "blob"),
        push(
            "begins an upload to a file of this host",
            "MALFORMED",
            r -> begins(r, "file:///etc/passwd"),
            "blob"),
        push(
            "begins an upload to an address that is none",
            "MALFORMED",
            r -> begins(r, "http://[::1"),
            "blob"),
        push(
            "begins an upload elsewhere, where nothing is",
            "NOT_FOUND",
            r -> begins(r, "http://" + r.elsewhere().domain() + "/v2/x/blobs/uploads/7"),
            "blob"),
        push("takes no upload", "UNAVAILABLE", r -> answers(r, WHOLE, 500), "blob"),
        push(
            "breaks every upload off",
            "UNAVAILABLE",
            r -> r.home().when(WHOLE + "|" + PART, exchange -> breaksOff(exchange)),
            "blob"),
        push(
            "stalls at the end of an upload",
            "UNAVAILABLE",
            r -> r.home().when(WHOLE, exchange -> r.stall()),
            "blob"),
        push(
            "finds every upload's digest wrong",
            "MALFORMED",
            r -> errs(r, WHOLE, 400, "DIGEST_INVALID"),
            "blob"),
        push(
            "stores a blob as another one",
            "DIGEST_MISMATCH",
            r -> stores(r, WHOLE),
            "blob",
            OTHER),
        push("forgets every upload", "NOT_FOUND|UNAVAILABLE", UploadMisbehaviours::forgets, "blob"),
        push(
            "wants chunks and takes none",
            "UNAVAILABLE|MALFORMED",
            r -> chunks(r, exchange -> answered(exchange, 416)),
            "blob"),
        push(
            "takes chunks and has nothing, without an end",
            "UNAVAILABLE|MALFORMED",
            r -> chunks(r, exchange -> accepts(exchange, "0-0")),
            "blob"),
        push(
            "takes chunks and has more than there is",
            "UNAVAILABLE|MALFORMED|NOT_FOUND",
            r -> chunks(r, exchange -> accepts(exchange, "0-999999999999")),
            "blob"),
        push(
            "takes chunks and says where the next goes: nowhere",
            "MALFORMED",
            r -> chunks(r, exchange -> answered(exchange, 202)),
            "blob"),
        push(
            "takes chunks at an address after the other, of one byte each",
            "UNAVAILABLE|MALFORMED|NOT_FOUND",
            UploadMisbehaviours::creeps,
            "blob"),
        push("stores a manifest as another one", "DIGEST_MISMATCH", r -> stores(r, MANIFEST), "1"),
        push("takes no manifest", "UNAVAILABLE", r -> answers(r, MANIFEST, 503), "1"),
        push(
            "finds a manifest too large",
            "MALFORMED|LIMIT_EXCEEDED|NOT_SUPPORTED",
            r -> answers(r, MANIFEST, 413),
            "1"),
        push(
            "finds a manifest wrong",
            "MALFORMED",
            r -> errs(r, MANIFEST, 400, "MANIFEST_INVALID"),
            "1"),
        push(
            "does not know a blob that it has taken",
            "MALFORMED|NOT_FOUND",
            r -> errs(r, MANIFEST, 404, "MANIFEST_BLOB_UNKNOWN"),
            "1"),
        push(
            "fails to say what it has",
            "UNAVAILABLE",
            r -> answers(r, "HEAD /v2/pushed/blobs/", 500),
            "blob"),
        succeeds(
            Action.PUSH,
            "breaks an upload off once",
            r -> r.home().when(WHOLE, times(1, knowing(exchange -> breaksOff(exchange))))),
        succeeds(
            Action.PUSH,
            "fails once to take an upload",
            r -> r.home().when(WHOLE, times(1, knowing(exchange -> answered(exchange, 503))))),
        succeeds(
            Action.PUSH,
            "wants chunks",
            r -> r.home().when(WHOLE, knowing(times(1, exchange -> answered(exchange, 413))))),
        succeeds(
            Action.PUSH,
            "has a digest of its own for a manifest",
            r ->
                r.home()
                    .when(
                        MANIFEST,
                        knowing(
                            exchange ->
                                answered(exchange.set("Docker-Content-Digest", "crc:1"), 201)))));
  }

  private static Misbehaviour push(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.PUSH, title, kind, deed, parts);
  }

  private static boolean answered(Exchange exchange, int status) throws IOException {
    exchange.drain();
    exchange.answer(status);
    return true;
  }

  private static boolean breaksOff(Exchange exchange) {
    exchange.breakOff();
    return true;
  }

  private static void answers(HostileRegistry registry, String request, int status) {
    registry.home().when(request, knowing(exchange -> answered(exchange, status)));
  }

  private static void errs(HostileRegistry registry, String request, int status, String code) {
    registry
        .home()
        .when(
            request,
            knowing(
                exchange -> {
                  exchange.drain();
                  FakeRegistry.error(exchange, status, code, "it is wrong");
                  return true;
                }));
  }

  private static void begins(HostileRegistry registry, String location) {
    registry
        .home()
        .when(BEGIN, knowing(exchange -> answered(exchange.set("Location", location), 202)));
  }

  private static void stores(HostileRegistry registry, String request) {
    registry
        .home()
        .when(
            request,
            knowing(exchange -> answered(exchange.set("Docker-Content-Digest", OTHER), 201)));
  }

  private static void forgets(HostileRegistry registry) {
    registry.home().when(WHOLE, knowing(exchange -> breaksOff(exchange)));
    registry.home().when(PART, knowing(exchange -> answered(exchange, 404)));
    registry.home().when(HOW_FAR, knowing(exchange -> answered(exchange, 404)));
  }

  private static void chunks(HostileRegistry registry, FakeRegistry.Handler handler) {
    answers(registry, WHOLE, 413);
    registry.home().when(PART, knowing(handler));
  }

  private static boolean accepts(Exchange exchange, String range) throws IOException {
    return answered(exchange.set("Location", exchange.path()).set("Range", range), 202);
  }

  /** Says each time that one byte more has come, of those that were sent. */
  private static void creeps(HostileRegistry registry) {
    chunks(
        registry,
        exchange -> {
          String sent = exchange.header("Content-Range").orElse("0-0");
          long from = Long.parseLong(sent.substring(0, sent.indexOf('-')));
          return accepts(exchange, "0-" + Math.min(from + 1, 3));
        });
  }
}

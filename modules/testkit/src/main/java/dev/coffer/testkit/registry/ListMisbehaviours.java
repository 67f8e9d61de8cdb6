package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import dev.coffer.spec.image.MediaTypes;
import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.io.IOException;
import java.util.List;

/** Lists of tags and referrers that do not end, or list something else. */
final class ListMisbehaviours {
  private static final String TAGS = "/v2/app/tags/list";
  private static final String REFERRERS = "/v2/app/referrers/";
  private static final String PAGE = "{\"name\":\"app\",\"tags\":[\"1\"]}";

  private ListMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        tags(
            "has a page that follows itself",
            "MALFORMED",
            r -> page(r, "<" + TAGS + ">; rel=\"next\"", PAGE),
            "tags"),
        tags(
            "has two pages that follow each other",
            "MALFORMED",
            ListMisbehaviours::pingPong,
            "tags"),
        tags(
            "has its next page elsewhere",
            "MALFORMED",
            r -> page(r, "<http://" + r.elsewhere().domain() + TAGS + ">; rel=\"next\"", PAGE),
            "tags"),
        tags(
            "has its next page in a file",
            "MALFORMED|UNAVAILABLE",
            r -> page(r, "<file:///etc/passwd>; rel=\"next\"", PAGE),
            "tags"),
        tags(
            "has tags that are numbers", "MALFORMED", r -> page(r, "", "{\"tags\":[1,2]}"), "tags"),
        tags("has tags that are a text", "MALFORMED", r -> page(r, "", "{\"tags\":\"1\"}"), "tags"),
        tags("sends half a page", "MALFORMED", r -> page(r, "", PAGE.substring(0, 20)), "tags"),
        tags(
            "sends a page without an end",
            "LIMIT_EXCEEDED",
            r ->
                r.home()
                    .when(
                        TAGS,
                        exchange -> HostileRegistry.flood(exchange.begin(200, 0), "{\"tags\":[\"")),
            "tags"),
        tags(
            "has no tags any more",
            "NOT_FOUND",
            r -> r.home().when(TAGS, exchange -> answered(exchange, 404)),
            "tags"),
        tags(
            "fails to list",
            "UNAVAILABLE",
            r -> r.home().when(TAGS, exchange -> answered(exchange, 500)),
            "tags"),
        succeeds(
            Action.LIST_TAGS,
            "has a page with a link that is none",
            r -> page(r, "<<<;;;rel=next", PAGE)),
        succeeds(
            Action.LIST_TAGS,
            "has null for tags",
            r -> page(r, "", "{\"name\":\"app\",\"tags\":null}")),
        referrers(
            "lists referrers that are none",
            "MALFORMED",
            r -> referrers(r, "{\"manifests\":[{\"digest\":7}]}"),
            "referrers"),
        referrers(
            "lists referrers in a text",
            "MALFORMED",
            r -> referrers(r, "{\"manifests\":\"x\"}"),
            "referrers"),
        referrers(
            "lists referrers without an end",
            "LIMIT_EXCEEDED",
            r ->
                r.home()
                    .when(
                        REFERRERS,
                        exchange ->
                            HostileRegistry.flood(exchange.begin(200, 0), "{\"manifests\":[\"")),
            "referrers"),
        referrers(
            "has referrers that follow themselves",
            "MALFORMED",
            ListMisbehaviours::referrersLoop,
            "referrers"),
        succeeds(
            Action.LIST_REFERRERS,
            "has an image under the referrers' tag",
            ListMisbehaviours::imageAsReferrers),
        succeeds(Action.LIST_REFERRERS, "has no referrers", r -> {}));
  }

  private static Misbehaviour tags(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.LIST_TAGS, title, kind, deed, parts);
  }

  private static Misbehaviour referrers(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.LIST_REFERRERS, title, kind, deed, parts);
  }

  private static boolean answered(Exchange exchange, int status) throws IOException {
    exchange.answer(status);
    return true;
  }

  private static void page(HostileRegistry registry, String link, String text) {
    registry
        .home()
        .when(
            TAGS,
            exchange -> {
              (link.isEmpty() ? exchange : exchange.set("Link", link)).answer(200, text);
              return true;
            });
  }

  private static void pingPong(HostileRegistry registry) {
    registry
        .home()
        .when(
            TAGS,
            exchange -> {
              String other = exchange.query("last").isPresent() ? "" : "?last=1";
              exchange.set("Link", "<" + TAGS + other + ">; rel=\"next\"").answer(200, PAGE);
              return true;
            });
  }

  private static void referrers(HostileRegistry registry, String text) {
    registry
        .home()
        .when(
            REFERRERS,
            exchange -> {
              exchange.set("Content-Type", MediaTypes.OCI_INDEX).answer(200, text);
              return true;
            });
  }

  private static void referrersLoop(HostileRegistry registry) {
    registry
        .home()
        .when(
            REFERRERS,
            exchange -> {
              exchange
                  .set("Link", "<" + exchange.path() + ">; rel=\"next\"")
                  .answer(200, ManifestMisbehaviours.index(""));
              return true;
            });
  }

  private static void imageAsReferrers(HostileRegistry registry) {
    String tag = "sha256-" + registry.image().manifest().digest().hex();
    registry.home().manifest("app", tag, MediaTypes.OCI_MANIFEST, registry.goodManifest());
  }
}

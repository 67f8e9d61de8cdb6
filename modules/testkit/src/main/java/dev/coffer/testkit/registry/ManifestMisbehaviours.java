package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Wrong, large and confused manifests and indexes. */
final class ManifestMisbehaviours {
  private static final String ENTRY =
      "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"platform\":{\"os\":\"linux\","
          + "\"architecture\":\"%s\"}}";

  private ManifestMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        pull("has no such tag", "NOT_FOUND", r -> answers(r, 404, "{}"), "tag \"1\""),
        pull(
            "says what is wrong in control characters",
            "NOT_FOUND",
            r ->
                answers(
                    r,
                    404,
                    "{\"errors\":[{\"code\":\"\\u001b[2J\\nX\",\"message\":\"\\u001b]0;x\\u0007\"}]}"),
            "tag \"1\""),
        pull("sends nothing for a manifest", "MALFORMED", r -> answers(r, 200, ""), "tag \"1\""),
        pull(
            "sends a page for people",
            "MALFORMED",
            r -> answers(r, 200, "<html>sign in</html>"),
            "tag \"1\""),
        pull(
            "sends half a manifest",
            "MALFORMED",
            r -> sends(r, r.goodManifest().substring(0, 100)),
            "tag \"1\""),
        pull("sends a list for a manifest", "MALFORMED", r -> sends(r, "[1,2]"), "tag \"1\""),
        pull(
            "nests deeply",
            "MALFORMED",
            r -> sends(r, "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
            "tag \"1\""),
        succeeds(
            Action.PULL,
            "has members twice, of which the last counts",
            r -> r.bent("\\{\"schemaVersion\"", "{\"layers\":[],\"schemaVersion\"")),
        pull(
            "sends a manifest without an end",
            "LIMIT_EXCEEDED",
            r ->
                r.whenManifest(
                    exchange -> HostileRegistry.flood(exchange.begin(200, 0), "{\"a\":\"")),
            "tag \"1\""),
        pull(
            "promises a manifest of a terabyte",
            "LIMIT_EXCEEDED",
            r ->
                r.whenManifest(
                    exchange -> HostileRegistry.flood(exchange.begin(200, 1L << 40), "{\"a\":\"")),
            "tag \"1\""),
        pull(
            "lists a hundred thousand images",
            "LIMIT_EXCEEDED",
            r -> r.tagged(MediaTypes.OCI_INDEX, index(entries(100_000))),
            "tag \"1\""),
        pull(
            "calls a manifest an index",
            "MALFORMED",
            r -> r.tagged(MediaTypes.OCI_INDEX, r.goodManifest()),
            "tag \"1\"",
            MediaTypes.OCI_INDEX),
        pull(
            "sends a manifest that is an index, too",
            "MALFORMED",
            r -> r.bent("\\{\"schemaVersion\"", "{\"manifests\":[],\"schemaVersion\""),
            "tag \"1\""),
        pull(
            "sends schema 1",
            "NOT_SUPPORTED",
            r ->
                r.tagged(
                    "application/vnd.docker.distribution.manifest.v1+prettyjws",
                    "{\"schemaVersion\":1,\"name\":\"app\",\"fsLayers\":[]}"),
            "schema 1"),
        pull(
            "sends schema 1 under a newer name",
            "NOT_SUPPORTED",
            r -> r.tagged(MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":1,\"fsLayers\":[]}"),
            "schema 1"),
        pull(
            "promises another digest in the header",
            "DIGEST_MISMATCH",
            r ->
                r.whenManifest(
                    exchange ->
                        sent(
                            exchange.set("Docker-Content-Digest", Digest.ofBytes(bytes("x")) + ""),
                            r.goodManifest())),
            "{manifest}",
            "tag \"1\""),
        succeeds(
            Action.PULL,
            "promises a digest of an algorithm of its own",
            r ->
                r.whenManifest(
                    exchange ->
                        sent(exchange.set("Docker-Content-Digest", "crc:1234"), r.goodManifest()))),
        pull(
            "has other bytes than an index promises",
            "DIGEST_MISMATCH",
            r -> {
              Digest other = Digest.ofBytes(bytes("other"));
              r.tagged(MediaTypes.OCI_INDEX, index(entry(MediaTypes.OCI_MANIFEST, other, 5)));
              Digest _ = r.home().manifest("app", other.toString(), MediaTypes.OCI_MANIFEST, "{}");
            },
            "manifest"),
        pull(
            "has an image of another size than its index says",
            "MALFORMED",
            r ->
                r.tagged(
                    MediaTypes.OCI_INDEX,
                    index(entry(MediaTypes.OCI_MANIFEST, r.image().manifest().digest(), 7))),
            "{manifest}"),
        pull(
            "gives an index for what it lists",
            "DIGEST_MISMATCH",
            r -> {
              Digest other = Digest.ofBytes(bytes("loop"));
              String loop = index(entry(MediaTypes.OCI_INDEX, other, 400));
              r.tagged(MediaTypes.OCI_INDEX, loop);
              Digest _ = r.home().manifest("app", other.toString(), MediaTypes.OCI_INDEX, loop);
            },
            "manifest"),
        pull("nests indexes", "LIMIT_EXCEEDED", ManifestMisbehaviours::nestIndexes, "index"),
        pull(
            "lists indexes without an end",
            "LIMIT_EXCEEDED",
            ManifestMisbehaviours::manyIndexes,
            "index"),
        pull(
            "lists an image that it does not have",
            "NOT_FOUND",
            r ->
                r.tagged(
                    MediaTypes.OCI_INDEX,
                    index(entry(MediaTypes.OCI_MANIFEST, Digest.ofBytes(bytes("gone")), 5))),
            "manifest"),
        pull(
            "has the image for other machines only",
            "NO_SUCH_PLATFORM",
            r -> r.tagged(MediaTypes.OCI_INDEX, index(entries(20_000))),
            "linux/z0"),
        pull("lists nothing", "NO_SUCH_PLATFORM", r -> r.tagged(MediaTypes.OCI_INDEX, index(""))));
  }

  private static Misbehaviour pull(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.PULL, title, kind, deed, parts);
  }

  private static void answers(HostileRegistry registry, int status, String text) {
    registry.whenManifest(
        exchange -> {
          exchange.set("Content-Type", "text/html").answer(status, text);
          return true;
        });
  }

  private static void sends(HostileRegistry registry, String text) {
    registry.whenManifest(exchange -> sent(exchange, text));
  }

  private static boolean sent(Exchange exchange, String text) throws IOException {
    exchange.set("Content-Type", MediaTypes.OCI_MANIFEST).answer(200, text);
    return true;
  }

  static String index(String entries) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(MediaTypes.OCI_INDEX, entries);
  }

  static String entry(String mediaType, Digest digest, long size) {
    String here = Platform.host().architecture();
    return ENTRY.formatted(mediaType, digest, size, here);
  }

  private static String entries(int count) {
    StringBuilder entries = new StringBuilder();
    String digest = Digest.ofBytes(bytes("")).toString();
    for (int i = 0; i < count; i++) {
      entries.append(i == 0 ? "" : ",");
      entries.append(ENTRY.formatted(MediaTypes.OCI_MANIFEST, digest, 5, "z" + i % 50));
    }
    return entries.toString();
  }

  private static void nestIndexes(HostileRegistry registry) {
    String inner = entry(MediaTypes.OCI_MANIFEST, registry.image().manifest().digest(), 500);
    for (int i = 0; i < 10; i++) {
      String index = index(inner);
      Digest digest = registry.home().manifest("app", "x" + i, MediaTypes.OCI_INDEX, index);
      inner = entry(MediaTypes.OCI_INDEX, digest, index.length());
    }
    registry.tagged(MediaTypes.OCI_INDEX, index(inner));
  }

  private static void manyIndexes(HostileRegistry registry) {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String index = "{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{\"n\":\"" + i + "\"}}";
      Digest digest = registry.home().manifest("app", "x" + i, MediaTypes.OCI_INDEX, index);
      entries.append(i == 0 ? "" : ",").append(entry(MediaTypes.OCI_INDEX, digest, index.length()));
    }
    registry.tagged(MediaTypes.OCI_INDEX, index(entries.toString()));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

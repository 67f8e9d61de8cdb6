package dev.coffer.testkit.registry;

import static dev.coffer.testkit.registry.ManifestMisbehaviours.bytes;
import static dev.coffer.testkit.registry.Misbehaviour.fails;
import static dev.coffer.testkit.registry.Misbehaviour.succeeds;

import com.github.luben.zstd.Zstd;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.testkit.archive.HostileLayers;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.TarBuilder;
import dev.coffer.testkit.registry.Misbehaviour.Action;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Images whose parts do not fit one another, or are more than they seem. */
final class ImageMisbehaviours {
  private static final byte[] TAR = new TarBuilder().file("f", "x".repeat(3000)).build();
  private static final byte[] BOMB = new TarBuilder().file("zeros", new byte[20 << 20]).build();
  private static final String HEX64 = "0".repeat(64);

  private ImageMisbehaviours() {}

  static List<Misbehaviour> all() {
    return List.of(
        pull("has a layer of negative size", "MALFORMED", r -> size(r, "-5"), "size"),
        pull("has a layer of a size beyond numbers", "MALFORMED", r -> size(r, "1e300"), "size"),
        pull("has a layer of half a byte", "MALFORMED", r -> size(r, "0.5"), "size"),
        pull(
            "promises a larger layer",
            "TRUNCATED|UNAVAILABLE|MALFORMED",
            r -> size(r, plus(r, 1)),
            "{layer}"),
        pull(
            "promises an exabyte",
            "TRUNCATED|UNAVAILABLE|MALFORMED|LIMIT_EXCEEDED",
            r -> size(r, "" + (1L << 60)),
            "{layer}"),
        pull(
            "promises a smaller layer",
            "DIGEST_MISMATCH|MALFORMED",
            r -> size(r, plus(r, -1)),
            "{layer}"),
        pull("promises an empty layer", "DIGEST_MISMATCH|MALFORMED", r -> size(r, "0"), "{layer}"),
        pull(
            "names a layer by MD5", "MALFORMED", r -> digest(r, "md5:" + "0".repeat(32)), "digest"),
        pull(
            "names a layer in capitals",
            "MALFORMED",
            r -> digest(r, "sha256:" + "A".repeat(64)),
            "digest"),
        pull(
            "names a layer by a path",
            "MALFORMED",
            r -> digest(r, "sha256:../../../../etc/passwd"),
            "digest"),
        pull(
            "names a layer by a short digest",
            "MALFORMED",
            r -> digest(r, "sha256:" + "0".repeat(63)),
            "digest"),
        pull(
            "names a layer that it does not have",
            "NOT_FOUND",
            r -> digest(r, "sha256:" + HEX64),
            "sha256:" + HEX64),
        pull(
            "has a manifest without config",
            "MALFORMED",
            r -> r.bent("\"config\":\\{[^}]*\\},?", ""),
            "config"),
        pull(
            "has layers that are no list",
            "MALFORMED",
            r -> r.bent("\"layers\":\\[", "\"layers\":7,\"l\":["),
            "layers"),
        pull(
            "has five thousand layers",
            "LIMIT_EXCEEDED|MALFORMED",
            ImageMisbehaviours::manyLayers,
            "layers"),
        pull(
            "has an encrypted layer",
            "NOT_SUPPORTED",
            r -> r.bent("layer.v1.tar\\+gzip", "layer.v1.tar+gzip+encrypted"),
            "encrypted"),
        pull(
            "has a config of a gigabyte", "LIMIT_EXCEEDED", r -> configSize(r, 1L << 30), "config"),
        pull(
            "has a config that is no JSON",
            "MALFORMED",
            r -> config(r, bytes("\u0000\u0001")),
            "sha256:"),
        pull("has a config that is empty", "MALFORMED", r -> config(r, bytes("")), "sha256:"),
        pull(
            "has a config that nests deeply",
            "MALFORMED",
            r -> config(r, bytes("[".repeat(50_000))),
            "sha256:"),
        pull(
            "has a config for no layers",
            "MALFORMED",
            r ->
                config(
                    r,
                    bytes(
                        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}")),
            "1 layers"),
        pull(
            "has a config with other bytes",
            "DIGEST_MISMATCH",
            ImageMisbehaviours::otherConfig,
            "{config}"),
        pull(
            "has a layer that is not what its config says",
            "DIGEST_MISMATCH",
            r -> r.hasLayer(MediaTypes.OCI_LAYER, TAR, Digest.ofBytes(bytes("other"))),
            "sha256:"),
        pull(
            "has a gzip bomb",
            "LIMIT_EXCEEDED",
            r ->
                r.hasLayer(
                    MediaTypes.OCI_LAYER_GZIP, ImageBuilder.gzip(BOMB), Digest.ofBytes(BOMB)),
            "layer"),
        pull(
            "has a zstd bomb",
            "LIMIT_EXCEEDED",
            r -> r.hasLayer(MediaTypes.OCI_LAYER_ZSTD, Zstd.compress(BOMB), Digest.ofBytes(BOMB)),
            "layer"),
        pull(
            "has zstd with a window of gigabytes",
            "LIMIT_EXCEEDED|MALFORMED|NOT_SUPPORTED",
            r ->
                r.hasLayer(
                    MediaTypes.OCI_LAYER_ZSTD,
                    HexFormat.of().parseHex("28b52ffd00a80100004142"),
                    Digest.ofBytes(TAR)),
            "layer"),
        pull(
            "has a truncated layer",
            "TRUNCATED",
            r ->
                r.hasLayer(
                    MediaTypes.OCI_LAYER_GZIP,
                    Arrays.copyOf(ImageBuilder.gzip(TAR), 60),
                    Digest.ofBytes(TAR)),
            "layer"),
        pull(
            "has rubbish behind a gzip layer",
            "MALFORMED",
            r ->
                r.hasLayer(
                    MediaTypes.OCI_LAYER_GZIP,
                    concat(ImageBuilder.gzip(TAR), bytes("rubbish")),
                    Digest.ofBytes(TAR)),
            "layer"),
        pull(
            "has a layer packed by bzip2",
            "NOT_SUPPORTED",
            r -> r.hasLayer(MediaTypes.OCI_LAYER_GZIP, bytes("BZh91AY&SY"), Digest.ofBytes(TAR)),
            "layer"),
        pull(
            "has a layer that is no archive",
            "MALFORMED",
            r -> {
              byte[] text = bytes("hello ".repeat(300));
              r.hasLayer(MediaTypes.OCI_LAYER, text, Digest.ofBytes(text));
            },
            "layer"),
        pull(
            "has a layer that escapes",
            "ESCAPE",
            r -> {
              byte[] tar = new TarBuilder().file("../../../outside/evil", "x").build();
              r.hasLayer(MediaTypes.OCI_LAYER, tar, Digest.ofBytes(tar));
            },
            "layer"),
        pull(
            "names an inner address for a layer",
            "NOT_FOUND",
            ImageMisbehaviours::innerAddress,
            "sha256:"),
        succeeds(
            Action.PULL,
            "has a layer of several gzip members",
            r -> r.hasLayer(MediaTypes.OCI_LAYER_GZIP, members(), Digest.ofBytes(TAR))),
        succeeds(
            Action.PULL,
            "calls a plain layer gzip",
            r -> r.hasLayer(MediaTypes.OCI_LAYER_GZIP, TAR, Digest.ofBytes(TAR))),
        succeeds(
            Action.PULL,
            "calls a zstd layer gzip",
            r -> r.hasLayer(MediaTypes.OCI_LAYER_GZIP, Zstd.compress(TAR), Digest.ofBytes(TAR))),
        succeeds(
            Action.PULL,
            "has a megabyte of annotations",
            r ->
                r.bent(
                    "\\{\"schemaVersion\"",
                    "{\"annotations\":{\"a\":\"" + "x".repeat(1 << 20) + "\"},\"schemaVersion\"")));
  }

  /** Each of the layers that must be refused wherever they come from. */
  static List<Misbehaviour> hostileLayers() {
    return HostileLayers.all()
        .map(
            layer ->
                pull(
                    "has a hostile layer: " + layer,
                    layer.expected(),
                    r ->
                        r.hasLayer(
                            MediaTypes.OCI_LAYER, layer.packed(), Digest.ofBytes(layer.plain())),
                    "layer",
                    Digest.ofBytes(layer.packed()).toString()))
        .toList();
  }

  private static Misbehaviour pull(
      String title, String kind, Misbehaviour.Deed deed, String... parts) {
    return fails(Action.PULL, title, kind, deed, parts);
  }

  private static void size(HostileRegistry registry, String size) {
    String digest = registry.layer().digest().toString();
    String own = "\"size\":" + registry.layer().size();
    String good = registry.goodManifest();
    int at = good.indexOf(digest);
    int from = good.lastIndexOf('{', at);
    int to = good.indexOf('}', at);
    String layer = good.substring(from, to).replace(own, "\"size\":" + size);
    registry.tagged(MediaTypes.OCI_MANIFEST, good.substring(0, from) + layer + good.substring(to));
  }

  private static String plus(HostileRegistry registry, int more) {
    return "" + (registry.layer().size() + more);
  }

  private static void digest(HostileRegistry registry, String digest) {
    registry.bent(registry.layer().digest().toString(), digest);
  }

  private static void manyLayers(HostileRegistry registry) {
    String layer =
        ",{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
            .formatted(
                MediaTypes.OCI_LAYER_GZIP, registry.layer().digest(), registry.layer().size());
    String good = registry.goodManifest();
    int end = good.indexOf(']', good.indexOf("\"layers\""));
    registry.tagged(
        MediaTypes.OCI_MANIFEST,
        good.substring(0, end) + layer.repeat(5_000) + good.substring(end));
  }

  private static void configSize(HostileRegistry registry, long size) {
    String digest = registry.image().id().toString();
    registry.bent(
        "\"digest\":\"%s\",\"size\":[0-9]+".formatted(digest),
        "\"digest\":\"%s\",\"size\":%d".formatted(digest, size));
    registry
        .home()
        .when(
            "GET /v2/app/blobs/" + digest,
            exchange -> HostileRegistry.flood(exchange.begin(200, size), " "));
  }

  private static void config(HostileRegistry registry, byte[] config) {
    registry.hasConfig(MediaTypes.OCI_CONFIG, config, MediaTypes.OCI_LAYER, TAR);
  }

  private static void otherConfig(HostileRegistry registry) {
    registry
        .home()
        .when(
            "GET /v2/app/blobs/" + registry.image().id(),
            exchange -> {
              byte[] bytes =
                  registry.home().blob("app", registry.image().id()).orElseThrow().clone();
              bytes[10] ^= 1;
              exchange.answer(200, bytes);
              return true;
            });
  }

  /** Only layers that may not be given away are fetched from elsewhere. */
  private static void innerAddress(HostileRegistry registry) {
    byte[] gone = bytes("gone");
    registry.bent(
        "\"digest\":\"%s\"".formatted(registry.layer().digest()),
        "\"digest\":\"%s\",\"urls\":[\"http://%s/inner\"]"
            .formatted(Digest.ofBytes(gone), registry.raw().domain()));
    registry
        .raw()
        .answer(
            (request, out) -> out.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngone")));
  }

  private static byte[] members() {
    byte[] one = ImageBuilder.gzip(Arrays.copyOf(TAR, 1000));
    return concat(one, ImageBuilder.gzip(Arrays.copyOfRange(TAR, 1000, TAR.length)));
  }

  static byte[] concat(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }
}

package dev.coffer.testkit.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Layers that must be refused, each with the name of the kind of error. The bounds are those of a
 * reader that takes 1000 entries, 512 levels, 1 MiB of headers, and 64 MiB in all.
 */
public final class HostileLayers {
  private HostileLayers() {}

  /** A layer's archive, possibly compressed; {@code plain} is what its diff id speaks of. */
  public static final class Case {
    private final String title;
    private final byte[] plain;
    private final byte[] packed;
    private final String expected;

    Case(String title, byte[] plain, byte[] packed, String expected) {
      this.title = title;
      this.plain = plain;
      this.packed = packed;
      this.expected = expected;
    }

    /** What its diff id speaks of. */
    public byte[] plain() {
      return plain;
    }

    /** What the blob is. */
    public byte[] packed() {
      return packed;
    }

    /** The kind of error. */
    public String expected() {
      return expected;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  private static Case of(String title, String expected, TarBuilder tar) {
    byte[] bytes = tar.build();
    return new Case(title, bytes, bytes, expected);
  }

  private static Case raw(String title, String expected, byte[] bytes) {
    return new Case(title, bytes, bytes, expected);
  }

  private static Case packed(String title, String expected, byte[] plain, byte[] packed) {
    return new Case(title, plain, packed, expected);
  }

  private static TarBuilder tar() {
    // An honest file first: it must not stay either.
    return new TarBuilder().file("honest", "x");
  }

  /** All of them. */
  public static Stream<Case> all() {
    return Stream.of(names(), links(), headers(), numbers(), sparse(), streams(), bounds())
        .flatMap(List::stream);
  }

  private static List<Case> names() {
    return List.of(
        of("dot-dot name", "ESCAPE", tar().file("../outside/secret", "evil")),
        of("dot-dot deep inside", "ESCAPE", tar().file("a/b/../../../outside/secret", "evil")),
        of("absolute dot-dot", "ESCAPE", tar().file("/../../outside/secret", "evil")),
        of("dot-dot directory", "ESCAPE", tar().directory("../outside/new/")),
        of("dot-dot by PAX", "ESCAPE", tar().pax("path", "../outside/secret").file("x", "evil")),
        of("dot-dot by GNU", "ESCAPE", tar().longName("../outside/secret").file("x", "evil")),
        of("dot-dot symlink name", "ESCAPE", tar().symbolicLink("../outside/link", "x")),
        of("NUL in a PAX name", "MALFORMED", tar().pax("path", "a\0b").file("x", "")),
        of("root is a file", "MALFORMED", tar().file("./", "").file(".", "x")),
        of("empty name", "MALFORMED", tar().file("", "x")),
        of("whiteout of dot-dot", "ESCAPE", tar().file("a/.wh...", "")),
        of("whiteout of dot", "ESCAPE", tar().file("a/.wh..", "")),
        of("whiteout of nothing", "MALFORMED", tar().file("a/.wh.", "")),
        of("whiteout outside", "ESCAPE", tar().file("../outside/.wh.secret", "")),
        of("opaque outside", "ESCAPE", tar().file("../outside/.wh..wh..opq", "")));
  }

  private static List<Case> links() {
    return List.of(
        of("hard link to dot-dot", "ESCAPE", tar().hardLink("h", "../outside/secret")),
        of("hard link to nothing", "MALFORMED", tar().hardLink("h", "missing")),
        of("hard link to absolute outside", "MALFORMED", tar().hardLink("h", "/etc/hostname")),
        of("hard link to itself", "MALFORMED", tar().file("h", "x").hardLink("h", "h")),
        of("hard link to a directory", "MALFORMED", tar().directory("d/").hardLink("h", "d")),
        of("hard link to the root", "MALFORMED", tar().hardLink("h", "/")),
        of(
            "hard link in place of its target's directory",
            "MALFORMED",
            tar().file("d/f", "x").hardLink("d", "d/f")),
        of(
            "hard link through an absolute symlink",
            "MALFORMED",
            tar().symbolicLink("l", "/etc").hardLink("h", "l/hostname")),
        of("symbolic link to nothing", "MALFORMED", tar().symbolicLink("l", "")),
        of(
            "symbolic links in a circle",
            "MALFORMED",
            tar().symbolicLink("a", "b").symbolicLink("b", "a").file("a/f", "evil")),
        of("file as a directory", "MALFORMED", tar().file("f", "x").file("f/g", "evil")),
        of(
            "device as a directory",
            "MALFORMED",
            tar().entry("p", '6', new byte[0], h -> {}).file("p/g", "evil")));
  }

  private static List<Case> headers() {
    return List.of(
        of(
            "wrong checksum",
            "MALFORMED",
            tar().entry("f", '0', new byte[0], h -> h.wrongChecksum())),
        of("unknown type", "NOT_SUPPORTED", tar().entry("f", 'Z', new byte[0], h -> {})),
        of("multi-volume", "NOT_SUPPORTED", tar().entry("f", 'M', new byte[0], h -> {})),
        of("PAX record without length", "MALFORMED", tar().rawPax(bytes("path=x\n")).file("f", "")),
        of("PAX record too long", "MALFORMED", tar().rawPax(bytes("999 path=x\n")).file("f", "")),
        of("PAX record too short", "MALFORMED", tar().rawPax(bytes("4 path=x\n")).file("f", "")),
        of("PAX record of zero", "MALFORMED", tar().rawPax(bytes("0 path=x\n")).file("f", "")),
        of("PAX record without value", "MALFORMED", tar().rawPax(bytes("8 pathx\n")).file("f", "")),
        of("PAX time is no number", "MALFORMED", tar().pax("mtime", "soon").file("f", "")),
        of("PAX size is no number", "MALFORMED", tar().pax("size", "-1").file("f", "")),
        of("PAX header is the last", "TRUNCATED", tar().pax("path", "x")),
        of("PAX bomb", "LIMIT_EXCEEDED", tar().rawPax(new byte[2 << 20]).file("f", "")),
        of("many PAX headers", "LIMIT_EXCEEDED", manyHeaders()),
        of("GNU name bomb", "LIMIT_EXCEEDED", tar().longName("x".repeat(2 << 20)).file("f", "")),
        raw("not a tar", "MALFORMED", bytes("hello ".repeat(200))));
  }

  private static List<Case> numbers() {
    return List.of(
        of(
            "negative size",
            "MALFORMED",
            tar().entry("f", '0', new byte[0], h -> h.binary(124, 12, -5))),
        of(
            "negative owner",
            "MALFORMED",
            tar().entry("f", '0', new byte[0], h -> h.binary(108, 8, -2))),
        of("owner that means nobody", "MALFORMED", tar().pax("uid", "4294967295").file("f", "")),
        of(
            "letters in a number",
            "MALFORMED",
            tar().entry("f", '0', new byte[0], h -> h.bytes(124, bytes("12x4"), 12))),
        of(
            "size beyond the archive",
            "TRUNCATED",
            tar().entry("f", '0', new byte[10], h -> h.size(1 << 20))),
        of(
            "PAX size beyond the archive",
            "TRUNCATED",
            tar().pax("size", "99999999").file("f", "x")),
        of("huge file", "LIMIT_EXCEEDED", tar().pax("size", "9999999999999999").file("f", "x")));
  }

  private static List<Case> sparse() {
    byte[] data = new byte[512];
    return List.of(
        of("sparse map beyond its file", "MALFORMED", sparse01("10", "100,512", data)),
        of("sparse map overlaps", "MALFORMED", sparse01("9999", "0,300,200,212", data)),
        of("sparse map lies on data", "MALFORMED", sparse01("9999", "0,100", data)),
        of("sparse map is odd", "MALFORMED", sparse01("9999", "0,512,7", data)),
        of("huge hole", "LIMIT_EXCEEDED", sparse01("999999999999999999", "0,512", data)),
        of("sparse 1.0 map is endless", "MALFORMED", sparse10(bytes("1".repeat(512)))),
        of(
            "sparse 1.0 map is too long",
            "LIMIT_EXCEEDED",
            sparse10(bytes("99999999\n" + "0".repeat(503)))),
        of(
            "sparse 1.0 map past its entry",
            "MALFORMED",
            sparse10(bytes("300\n" + "1\n".repeat(254)))),
        of(
            "sparse of an unknown version",
            "NOT_SUPPORTED",
            tar().pax("GNU.sparse.major", "7").file("f", "x")),
        of(
            "GNU sparse overlaps",
            "MALFORMED",
            tar()
                .entry(
                    "f",
                    'S',
                    data,
                    h ->
                        h.gnu()
                            .octal(386, 12, 100)
                            .octal(398, 12, 256)
                            .octal(410, 12, 0)
                            .octal(422, 12, 256)
                            .octal(483, 12, 9999))));
  }

  private static TarBuilder sparse01(String size, String map, byte[] data) {
    Map<String, byte[]> records = new LinkedHashMap<>();
    records.put("GNU.sparse.size", bytes(size));
    records.put("GNU.sparse.map", bytes(map));
    return tar().pax(records).file("f", data);
  }

  private static TarBuilder sparse10(byte[] data) {
    Map<String, byte[]> records = new LinkedHashMap<>();
    records.put("GNU.sparse.major", bytes("1"));
    records.put("GNU.sparse.minor", bytes("0"));
    records.put("GNU.sparse.realsize", bytes("1024"));
    return tar().pax(records).file("f", data);
  }

  private static List<Case> streams() {
    byte[] plain = tar().file("f", "y".repeat(5000)).build();
    byte[] gzip = ImageBuilder.gzip(plain);
    byte[] zstd = ImageBuilder.Packing.ZSTD.pack(plain);
    byte[] wrongCrc = gzip.clone();
    wrongCrc[gzip.length - 6] ^= 1;
    byte[] broken = gzip.clone();
    Arrays.fill(broken, 20, 40, (byte) 0xff);
    byte[] other = tar().file("f", "z").build();
    return List.of(
        raw("truncated in data", "TRUNCATED", Arrays.copyOf(plain, 2000)),
        raw("truncated in a header", "TRUNCATED", Arrays.copyOf(plain, 700)),
        packed("truncated gzip", "TRUNCATED", plain, Arrays.copyOf(gzip, gzip.length / 2)),
        packed(
            "gzip without its trailer", "TRUNCATED", plain, Arrays.copyOf(gzip, gzip.length - 8)),
        packed("truncated zstd", "TRUNCATED", plain, Arrays.copyOf(zstd, zstd.length / 2)),
        packed("gzip with a wrong checksum", "MALFORMED", plain, wrongCrc),
        packed("broken gzip", "MALFORMED", plain, broken),
        packed("gzip with rubbish behind", "MALFORMED", plain, concat(gzip, bytes("rubbish"))),
        packed("other contents than promised", "DIGEST_MISMATCH", plain, other),
        packed(
            "more contents than promised", "DIGEST_MISMATCH", plain, concat(plain, new byte[512])),
        packed("bzip2", "NOT_SUPPORTED", plain, bytes("BZh91AY")),
        packed("xz", "NOT_SUPPORTED", plain, concat(new byte[] {(byte) 0xfd}, bytes("7zXZ\0\0"))));
  }

  private static List<Case> bounds() {
    byte[] bomb = new TarBuilder().file("zeros", new byte[20 << 20]).build();
    TarBuilder many = tar();
    IntStream.range(0, 1100).forEach(i -> many.file("f" + i, ""));
    return List.of(
        packed("gzip bomb", "LIMIT_EXCEEDED", bomb, ImageBuilder.gzip(bomb)),
        packed("zstd bomb", "LIMIT_EXCEEDED", bomb, ImageBuilder.Packing.ZSTD.pack(bomb)),
        of("too many entries", "LIMIT_EXCEEDED", many),
        of("too deep", "LIMIT_EXCEEDED", tar().longName("d/".repeat(700) + "f").file("x", "")),
        of("too deep by links", "LIMIT_EXCEEDED", deepByLinks()),
        of("component too long", "LIMIT_EXCEEDED", tar().longName("x".repeat(300)).file("x", "")),
        of("name too long", "LIMIT_EXCEEDED", tar().longName("xy/".repeat(2000)).file("x", "")));
  }

  private static TarBuilder deepByLinks() {
    String deep = "d/".repeat(400);
    return tar()
        .longName(deep)
        .directory("x/")
        .symbolicLink("d/l", "/d/d/d/d")
        .longName(deep + "d")
        .symbolicLink("x", "d")
        .longName("e/" + "d/".repeat(300))
        .directory("x/")
        .symbolicLink("l", "e/" + "d/".repeat(48))
        .longName("l/" + "d/".repeat(500) + "f")
        .file("x", "evil");
  }

  private static TarBuilder manyHeaders() {
    TarBuilder tar = tar();
    for (int i = 0; i < 20; i++) {
      tar.rawPax(TarBuilder.record("comment", new byte[100_000]));
    }
    return tar.file("f", "");
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

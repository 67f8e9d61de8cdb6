package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What odd but honest layers unpack to. */
class LayerContentTest {
  @TempDir Path root;

  @Test
  void whiteoutsHideWhatIsBelow() throws IOException {
    byte[] lower = new TarBuilder().file("d/a", "1").file("d/b", "2").file("e/c", "3").build();
    byte[] upper =
        new TarBuilder()
            .file("d/.wh.a", "")
            .file("e/.wh..wh..opq", "")
            .file("e/new", "4")
            .file("e/.wh.new", "")
            .file(".wh..wh.plnk/1.2", "")
            .build();
    Path top = unpack(lower, upper).get(1);
    assertThat(isWhiteout(top.resolve("d/a"))).isTrue();
    assertThat(isOpaque(top.resolve("e"))).isTrue();
    assertThat(isOpaque(top.resolve("d"))).isFalse();
    assertThat(top.resolve("e/new")).hasContent("4");
    assertThat(top.resolve("e").toFile().list()).containsExactly("new");
  }

  @Test
  void aDirectoryInPlaceOfAWhiteoutStaysHidden() throws IOException {
    byte[] lower = new TarBuilder().file("d/old", "1").file("e/old", "1").build();
    byte[] upper =
        new TarBuilder()
            .file(".wh.d", "")
            .directory("d/")
            .file("d/new", "2")
            .file(".wh.e", "")
            .file("e/new", "2")
            .build();
    Path top = unpack(lower, upper).get(1);
    assertThat(isOpaque(top.resolve("d"))).isTrue();
    assertThat(isOpaque(top.resolve("e"))).isTrue();
  }

  @Test
  void anOpaqueRootHidesAllLayersBelow() throws IOException {
    byte[] lower = new TarBuilder().file("a", "1").build();
    byte[] upper = new TarBuilder().file(".wh..wh..opq", "").file("b", "2").build();
    List<Path> layers = unpack(lower, upper);
    assertThat(layers).hasSize(1);
    assertThat(layers.getFirst().resolve("b")).hasContent("2");
  }

  /** As "umoci insert" writes them: neither the last file's padding nor the end is there. */
  @Test
  void anArchiveThatWasNeverClosedIsWhole() throws IOException {
    byte[] open = new TarBuilder().file("a", "1").file("b", "22").buildWithoutEnd();
    Path layer = unpack(Arrays.copyOf(open, 3 * 512 + 2)).getFirst();
    assertThat(layer.resolve("b")).hasContent("22");
  }

  @Test
  void impliedDirectoriesTakeTheirAttributesFromBelow() throws IOException {
    byte[] lower =
        new TarBuilder()
            .entry("./", '5', new byte[0], h -> h.mode(0711))
            .entry("tmp/", '5', new byte[0], h -> h.mode(01777).mtime(1234))
            .build();
    byte[] upper = new TarBuilder().file("tmp/f", "1").file("other/f", "1").build();
    Path top = unpack(lower, upper).get(1);
    assertThat(stat(top.resolve("tmp")).permissions()).isEqualTo(01777);
    assertThat(stat(top.resolve("tmp")).modified()).isEqualTo(Instant.ofEpochSecond(1234));
    assertThat(stat(top.resolve("other")).permissions()).isEqualTo(0755);
    assertThat(stat(top).permissions()).isEqualTo(0711);
  }

  @Test
  void hardLinksWithinALayerAndToOnesBelow() throws IOException {
    byte[] lower = new TarBuilder().entry("x/f", '0', utf8("low"), h -> h.mode(0640)).build();
    byte[] upper =
        new TarBuilder()
            .file("g", "here")
            .hardLink("h", "./g")
            .hardLink("y/one", "x/f")
            .hardLink("two", "/x/f")
            .hardLink("three", "two")
            .build();
    Path top = unpack(lower, upper).get(1);
    assertThat(stat(top.resolve("h")).inode()).isEqualTo(stat(top.resolve("g")).inode());
    assertThat(top.resolve("y/one")).hasContent("low");
    assertThat(stat(top.resolve("y/one")).permissions()).isEqualTo(0640);
    assertThat(stat(top.resolve("two")).links()).isEqualTo(3);
    assertThat(stat(top.resolve("three")).inode()).isEqualTo(stat(top.resolve("y/one")).inode());
  }

  @Test
  void laterEntriesReplaceEarlierOnes() throws IOException {
    byte[] layer =
        new TarBuilder()
            .file("a", "1")
            .file("./a", "2")
            .file("d/sub/f", "1")
            .file("d", "now a file")
            .symbolicLink("l", "a")
            .directory("l/")
            .file("l/f", "3")
            .directory("m/")
            .file("m/kept", "4")
            .entry("m/", '5', new byte[0], h -> h.mode(0700))
            .build();
    Path top = unpack(layer).getFirst();
    assertThat(top.resolve("a")).hasContent("2");
    assertThat(top.resolve("d")).hasContent("now a file");
    assertThat(top.resolve("l")).isDirectory();
    assertThat(Files.isSymbolicLink(top.resolve("l"))).isFalse();
    assertThat(top.resolve("m/kept")).hasContent("4");
    assertThat(stat(top.resolve("m")).permissions()).isEqualTo(0700);
  }

  @Test
  void modesTimesAndAttributes() throws IOException {
    Map<String, byte[]> records = new LinkedHashMap<>();
    records.put("mtime", utf8("1700000000.123456789"));
    records.put("SCHILY.xattr.user.bin", new byte[] {0, (byte) 0xff, '\n', '='});
    records.put("SCHILY.xattr.trusted.overlay.opaque", utf8("y"));
    records.put("SCHILY.xattr.user.overlay.redirect", utf8("/x"));
    byte[] layer =
        new TarBuilder()
            .pax(records)
            .entry("su", '0', utf8("x"), h -> h.mode(06755))
            .pax("mtime", "-1.5")
            .entry("p", '6', new byte[0], h -> h.mode(0620))
            .entry("ro/", '5', new byte[0], h -> h.mode(0555).mtime(77))
            .file("ro/f", "1")
            .build();
    Path top = unpack(layer).getFirst();
    assertThat(stat(top.resolve("su")).permissions()).isEqualTo(06755);
    assertThat(stat(top.resolve("su")).modified())
        .isEqualTo(Instant.ofEpochSecond(1_700_000_000, 123_456_789));
    assertThat(attribute(top.resolve("su"), "user.bin")).containsExactly(0, 0xff, '\n', '=');
    assertThat(names(top.resolve("su"))).containsExactly("user.bin");
    assertThat(stat(top.resolve("p")).type()).isEqualTo(FileType.FIFO);
    assertThat(stat(top.resolve("p")).permissions()).isEqualTo(0620);
    assertThat(stat(top.resolve("p")).modified()).isEqualTo(Instant.ofEpochSecond(-2, 500_000_000));
    assertThat(stat(top.resolve("ro")).permissions()).isEqualTo(0555);
    assertThat(stat(top.resolve("ro")).modified()).isEqualTo(Instant.ofEpochSecond(77));
  }

  @Test
  void sparseFilesOfAllFormats() throws IOException {
    byte[] data = utf8("D".repeat(512));
    long size = 10L << 30;
    Map<String, byte[]> format01 = new LinkedHashMap<>();
    format01.put("GNU.sparse.name", utf8("v01"));
    format01.put("GNU.sparse.size", utf8("" + size));
    format01.put("GNU.sparse.map", utf8("1048576,512"));
    byte[] format00 =
        concat(
            TarBuilder.record("GNU.sparse.size", utf8("" + size)),
            TarBuilder.record("GNU.sparse.numblocks", utf8("1")),
            TarBuilder.record("GNU.sparse.offset", utf8("1048576")),
            TarBuilder.record("GNU.sparse.numbytes", utf8("512")));
    Map<String, byte[]> format10 = new LinkedHashMap<>();
    format10.put("GNU.sparse.major", utf8("1"));
    format10.put("GNU.sparse.minor", utf8("0"));
    format10.put("GNU.sparse.name", utf8("v10"));
    format10.put("GNU.sparse.realsize", utf8("" + size));
    byte[] map = new byte[512];
    System.arraycopy(utf8("1\n1048576\n512\n"), 0, map, 0, 14);
    byte[] layer =
        new TarBuilder()
            .pax(format01)
            .file("GNUSparseFile.0/v01", data)
            .rawPax(format00)
            .file("v00", data)
            .pax(format10)
            .file("GNUSparseFile.0/v10", concat(map, data))
            .entry(
                "old",
                'S',
                data,
                h ->
                    h.gnu()
                        .octal(386, 12, 1 << 20)
                        .octal(398, 12, 512)
                        .octal(410, 12, 0)
                        .bytes(410, new byte[24], 24)
                        .binary(483, 12, size))
            .build();
    Path top = unpack(layer).getFirst();
    for (String name : List.of("v00", "v01", "v10", "old")) {
      assertThat(stat(top.resolve(name)).size()).as(name).isEqualTo(size);
      assertThat(stat(top.resolve(name)).blocks()).as(name).isLessThan(100);
      try (var channel = Files.newByteChannel(top.resolve(name))) {
        var buffer = java.nio.ByteBuffer.allocate(1);
        channel.position((1 << 20) + 511);
        assertThat(channel.read(buffer)).isEqualTo(1);
        assertThat(buffer.get(0)).isEqualTo((byte) 'D');
      }
    }
  }

  @Test
  void longAndStrangeNames() throws IOException {
    String longName = "d".repeat(200) + "/" + "f".repeat(200);
    byte[] layer =
        new TarBuilder()
            .pax("path", longName)
            .file("short", "1")
            .longName("g".repeat(150))
            .file("short", "2")
            .entry("x", '0', utf8("3"), h -> h.bytes(0, new byte[] {'b', (byte) 0xff}, 100))
            .entry("y", '0', utf8("4"), h -> h.bytes(345, utf8("prefix"), 155))
            .file("/absolute/../inside", "5")
            .build();
    Path top = unpack(layer).getFirst();
    assertThat(top.resolve(longName)).hasContent("1");
    assertThat(top.resolve("g".repeat(150))).hasContent("2");
    assertThat(top.resolve("prefix/y")).hasContent("4");
    assertThat(top.resolve("inside")).hasContent("5");
    try (Fd directory = FileOpen.path(top.toString(), OpenFlags.DIRECTORY)) {
      assertThat(FileStat.at(directory, "b\uDCFF").size()).isEqualTo(1);
    }
  }

  private List<Path> unpack(byte[]... layers) throws IOException {
    try (LocalImageStore store = StoreFixture.open(root)) {
      return StoreFixture.unpack(store, layers);
    }
  }

  private static Stat stat(Path path) throws KernelException {
    return FileStat.at(Fd.CWD, path.toString());
  }

  private static boolean isWhiteout(Path path) throws KernelException {
    Stat stat = stat(path);
    return stat.type() == FileType.CHARACTER_DEVICE && stat.represented() == 0;
  }

  private static boolean isOpaque(Path path) throws KernelException {
    List<String> names = names(path);
    return names.contains("trusted.overlay.opaque") || names.contains("user.overlay.opaque");
  }

  private static List<String> names(Path path) throws KernelException {
    try (Fd file = open(path)) {
      return ExtendedAttributes.list(file);
    }
  }

  private static byte[] attribute(Path path, String name) throws KernelException {
    try (Fd file = open(path)) {
      return ExtendedAttributes.get(file, name).orElseThrow();
    }
  }

  private static Fd open(Path path) throws KernelException {
    assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    return FileOpen.path(path.toString(), OpenFlags.RDONLY);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}

package dev.coffer.image.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.image.tar.TarEntry.FileKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written is read back the same. */
class EntryWriterTest {

  @Test
  void anEntryThatFitsTakesOneBlock() throws IOException {
    TarEntry entry = entry("a/b", FileKind.REGULAR, 3, Map.of(), List.of(new Extent(0, 3)));
    byte[] archive = write(entry, "abc");
    assertThat(archive).hasSize(512 + 512 + 1024);
    assertSame(read(archive), entry);
  }

  @Test
  void longNamesOddBytesLargeNumbersAndAttributesGoIntoARecord() throws IOException {
    TarEntry entry =
        new TarEntry(
            "ä/" + "n".repeat(300),
            FileKind.SYMBOLIC_LINK,
            04755,
            -2,
            1 << 30,
            0,
            Instant.ofEpochSecond(-5),
            "t".repeat(200),
            0,
            0,
            Map.of("user.x", new byte[] {0, 1, '\n', '='}, "security.capability", new byte[20]),
            List.of());
    assertSame(read(write(entry, "")), entry);
  }

  @Test
  void holesStayHoles() throws IOException {
    TarEntry entry =
        entry(
            "sparse",
            FileKind.REGULAR,
            1L << 40,
            Map.of(),
            List.of(new Extent(4096, 3), new Extent(1L << 39, 2)));
    byte[] archive = write(entry, "abcde");
    assertThat(archive.length).isLessThan(8192);
    assertSame(read(archive), entry);
  }

  @Test
  void aContentOfAnotherLengthIsAnError() {
    TarEntry entry = entry("a", FileKind.REGULAR, 4, Map.of(), List.of(new Extent(0, 4)));
    assertThatThrownBy(() -> write(entry, "abc"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("3 bytes and not 4");
  }

  private static TarEntry entry(
      String name, FileKind kind, long size, Map<String, byte[]> attributes, List<Extent> extents) {
    return new TarEntry(
        name, kind, 0640, 1, 2, size, Instant.ofEpochSecond(7), "", 0, 0, attributes, extents);
  }

  private static byte[] write(TarEntry entry, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (EntryWriter writer = new EntryWriter(bytes)) {
      writer.write(entry, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }
    return bytes.toByteArray();
  }

  private static TarEntry read(byte[] archive) throws IOException {
    return new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT)
        .next()
        .orElseThrow();
  }

  private static void assertSame(TarEntry read, TarEntry written) {
    assertThat(read).usingRecursiveComparison().ignoringFields("attributes").isEqualTo(written);
    assertThat(read.attributes()).containsOnlyKeys(written.attributes().keySet());
    written
        .attributes()
        .forEach((name, value) -> assertThat(read.attributes().get(name)).isEqualTo(value));
  }
}

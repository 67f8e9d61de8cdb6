package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.CheckReport;
import dev.coffer.image.Finding;
import dev.coffer.image.Image;
import dev.coffer.image.pull.FaultyRepository;
import dev.coffer.spec.image.Digest;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage of all kinds, found and repaired. */
class StoreCheckTest {
  @TempDir Path root;
  private final ImageBuilder built =
      ImageBuilder.of(
          Packing.GZIP,
          new TarBuilder().file("a", bytes("one")).file("d/b", bytes("two")).build(),
          new TarBuilder().file("c", bytes("three")).build());
  private final FaultyRepository registry = new FaultyRepository("1", built.layout("1"));
  private LocalImageStore store;
  private Image image;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @BeforeEach
  void load() throws IOException {
    store = StoreFixture.open(root);
    image = StoreFixture.load(store, built.layout("registry.test/image:1")).images().getFirst();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private CheckReport check() throws IOException {
    return store.check(Optional.empty(), _ -> false);
  }

  private CheckReport repair() throws IOException {
    return store.check(Optional.of(_ -> registry), _ -> false);
  }

  private Path blob(Digest digest) {
    return root.resolve("content/blobs/sha256").resolve(digest.hex());
  }

  private Path files(int layer) {
    return root.resolve("layers").resolve(image.chainIds().get(layer).hex()).resolve("diff");
  }

  private void assertRepaired(String object, String problem) throws IOException {
    CheckReport found = check();
    assertThat(found.isSound()).isFalse();
    assertThat(found.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.object()).contains(object);
              assertThat(finding.problem()).contains(problem);
            });
    CheckReport repaired = repair();
    assertThat(repaired.findings()).isNotEmpty().allMatch(Finding::repaired);
    assertThat(check().findings()).isEmpty();
    List<Path> layers = store.layers(image);
    assertThat(layers.get(0).resolve("d/b")).hasContent("two");
    assertThat(layers.get(1).resolve("c")).hasContent("three");
  }

  @Test
  void aSoundStoreIsFoundSound() throws IOException {
    CheckReport report = check();
    assertThat(report.findings()).isEmpty();
    assertThat(report.blobs()).isEqualTo(4);
    assertThat(report.images()).isEqualTo(1);
    assertThat(report.layers()).isEqualTo(2);
  }

  @Test
  void aBlobWithOtherBytes() throws IOException {
    Digest layer = built.layers().getFirst().digest();
    byte[] damaged = Files.readAllBytes(blob(layer));
    damaged[damaged.length / 2] ^= 1;
    Files.write(blob(layer), damaged);
    assertRepaired("blob " + layer, "its bytes have changed");
  }

  @Test
  void aBlobThatIsGone() throws IOException {
    Digest layer = built.layers().getFirst().digest();
    Files.delete(blob(layer));
    assertRepaired("image registry.test/image:1", layer + " is missing");
  }

  @Test
  void aManifestWithOtherBytes() throws IOException {
    Files.writeString(blob(image.manifest().digest()), "{}");
    assertRepaired("blob " + image.manifest().digest(), "its bytes have changed");
  }

  @Test
  void aConfigWithOtherBytes() throws IOException {
    Files.writeString(blob(image.id()), "{}");
    assertRepaired("blob " + image.id(), "its bytes have changed");
  }

  @Test
  void aFileThatIsGone() throws IOException {
    Files.delete(files(0).resolve("d/b"));
    assertRepaired("layer " + image.chainIds().getFirst(), "\"d/b\" is missing");
  }

  @Test
  void aFileWithOtherContent() throws IOException {
    Files.writeString(files(0).resolve("d/b"), "twx");
    assertRepaired("layer", "\"d/b\" has other content");
  }

  @Test
  void aFileOfAnotherLength() throws IOException {
    Files.writeString(files(1).resolve("c"), "three and more");
    assertRepaired("layer", "\"c\" has 14 bytes instead of 5");
  }

  @Test
  void aFileWithOtherPermissions() throws IOException {
    Files.setPosixFilePermissions(
        files(0).resolve("a"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRepaired("layer", "\"a\" has the permissions 0777");
  }

  @Test
  void aFileOfAnotherKind() throws IOException {
    Files.delete(files(0).resolve("a"));
    Files.createSymbolicLink(files(0).resolve("a"), Path.of("/etc/passwd"));
    assertRepaired("layer", "\"a\" is of another kind");
  }

  @Test
  void aDirectoryThatIsALinkIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("b"), "two");
    Files.delete(files(0).resolve("d/b"));
    Files.delete(files(0).resolve("d"));
    Files.createSymbolicLink(files(0).resolve("d"), elsewhere);
    assertThat(check().findings()).isNotEmpty();
  }

  @Test
  void whatARunningContainerUsesStays() throws IOException {
    Files.delete(files(0).resolve("a"));
    CheckReport report = store.check(Optional.of(_ -> registry), _ -> true);
    assertThat(report.isSound()).isFalse();
    assertThat(report.findings().getFirst().remedy()).contains("a running container uses it");
    assertThat(files(0).resolve("d/b")).exists();
  }

  @Test
  void whatNobodyHasStaysDamaged() throws IOException {
    Digest layer = built.layers().getFirst().digest();
    Files.writeString(blob(layer), "other");
    registry.drop(layer);
    CheckReport report = repair();
    assertThat(report.isSound()).isFalse();
    assertThat(report.findings().getFirst().remedy()).contains("cannot be fetched again");
  }
}

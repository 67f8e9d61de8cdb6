package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.pull.PullLimits;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that uses another one's images. */
class AdditionalStoreTest {
  private static final RemoveOptions PLAIN = new RemoveOptions(false, _ -> false);
  private static final byte[] BASE = new TarBuilder().file("base", bytes("base")).build();
  private static final byte[] TOP = new TarBuilder().file("top", bytes("top")).build();

  @TempDir Path directory;
  private Path other;
  private List<String> before;
  private LocalImageStore store;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @BeforeEach
  void fillTheOther() throws IOException {
    other = directory.resolve("other");
    try (LocalImageStore filled = StoreFixture.open(other)) {
      StoreFixture.load(filled, ImageBuilder.of(Packing.GZIP, BASE).layout("shared/base:1"));
    }
    before = StoreFixture.contents(other);
    store =
        LocalImageStore.open(
            directory.resolve("own"),
            new ImageStoreOptions(
                ArchiveLimits.DEFAULT, Optional.empty(), PullLimits.DEFAULT, List.of(other)));
  }

  @AfterEach
  void theOtherIsAsBefore() throws IOException {
    store.close();
    assertThat(StoreFixture.contents(other)).isEqualTo(before);
  }

  private Image shared() throws IOException {
    return store.resolve("shared/base:1", Optional.empty());
  }

  @Test
  void itsImagesAreUsedWhereTheyAre() throws IOException {
    assertThat(store.list()).hasSize(1);
    assertThat(store.layers(shared()).getFirst()).startsWith(other);
    assertThat(StoreFixture.contents(directory.resolve("own"))).isEmpty();
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    store.save(List.of("shared/base:1"), Optional.empty(), saved);
    assertThat(saved.size()).isPositive();
  }

  @Test
  void itsLayersCarryOurs() throws IOException {
    StoreFixture.load(store, ImageBuilder.of(Packing.GZIP, BASE, TOP).layout("own/top:1"));
    List<Path> layers = store.layers(store.resolve("own/top:1", Optional.empty()));
    assertThat(layers.get(0)).startsWith(other);
    assertThat(layers.get(1)).startsWith(directory.resolve("own"));
    store.remove("own/top:1", PLAIN);
    store.sweep();
    assertThat(StoreFixture.contents(directory.resolve("own"))).isEmpty();
    assertThat(store.list()).hasSize(1);
  }

  @Test
  void whatIsThereCannotBeRemoved() throws IOException {
    for (String name : List.of("shared/base:1", shared().id().shortHex())) {
      assertThatThrownBy(() -> store.remove(name, PLAIN))
          .isInstanceOfSatisfying(
              ImageException.class,
              e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.CONFLICT))
          .hasMessageContaining("additional store, which is read-only");
    }
    assertThat(store.prune(_ -> false)).isEmpty();
    assertThat(store.list()).hasSize(1);
  }

  @Test
  void anOwnNameComesFirstAndGoesAgain() throws IOException {
    Image mine =
        StoreFixture.load(store, ImageBuilder.of(Packing.GZIP, TOP).layout("shared/base:1"))
            .images()
            .getFirst();
    assertThat(shared().id()).isEqualTo(mine.id());
    store.remove("shared/base:1", PLAIN);
    assertThat(shared().id()).isNotEqualTo(mine.id());
  }

  @Test
  void theSameImageUnderTheSameNameCanBeHereTooAndGoesAgain() throws IOException {
    StoreFixture.load(store, ImageBuilder.of(Packing.GZIP, BASE).layout("shared/base:1"));
    assertThat(store.list()).hasSize(1);
    store.remove("shared/base:1", PLAIN);
    assertThat(StoreFixture.contents(directory.resolve("own"))).isEmpty();
    assertThat(shared().references()).hasSize(1);
    assertThatThrownBy(() -> store.remove("shared/base:1", PLAIN))
        .hasMessageContaining("additional store, which is read-only");
  }

  @Test
  void anotherNameCanBeGiven() throws IOException {
    store.tag(shared().id().toString(), Reference.parse("mine:1"));
    assertThat(store.resolve("mine:1", Optional.empty()).id()).isEqualTo(shared().id());
    store.remove("mine:1", PLAIN);
    assertThat(shared().references()).containsExactly(Reference.parse("shared/base:1"));
  }

  @Test
  void theFileSaysWhichThereAre() throws IOException {
    Path root = directory.resolve("own");
    assertThat(AdditionalStores.of(root)).isEmpty();
    Files.writeString(
        root.resolve("additional-stores"), "# shared\n\n" + other + "\n/nowhere/at/all\n");
    assertThat(AdditionalStores.of(root)).containsExactly(other);
    Files.writeString(root.resolve("additional-stores"), "relative\n");
    assertThatThrownBy(() -> AdditionalStores.of(root)).hasMessageContaining("absolute path");
    Files.writeString(root.resolve("additional-stores"), root + "\n");
    assertThatThrownBy(() -> AdditionalStores.of(root)).hasMessageContaining("its own");
  }
}

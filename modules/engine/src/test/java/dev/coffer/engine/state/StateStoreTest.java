package dev.coffer.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.engine.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test cuts a sequence of writes short, as a crash would, and opens the store again. */
class StateStoreTest {

  @TempDir Path root;
  private StateStore store;
  private final ContainerConfig web = Configs.config("aa", "web", "true");

  @BeforeEach
  void open() throws IOException {
    store = StateStore.open(root);
  }

  @Test
  void whatWasCreatedIsFoundAgain() throws IOException {
    create(web);
    store.saveState(web.id(), ContainerState.CREATED.withRestartCount(2));
    assertThat(reload())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.config()).isEqualTo(web);
              assertThat(found.state().restartCount()).isEqualTo(2);
            });
  }

  @Test
  void aReservationWithoutAContainerIsGivenBack() throws IOException {
    assertThat(store.reserve("web", web.id())).isTrue();
    assertThat(reload()).isEmpty();
    assertThat(store.reserve("web", Configs.id("bb"))).isTrue();
  }

  @Test
  void aHalfMadeContainerIsThrownAway() throws IOException {
    assertThat(store.reserve("web", web.id())).isTrue();
    store.prepare(web.id());
    assertThat(reload()).isEmpty();
    assertThat(root.resolve("containers")).isEmptyDirectory();
    assertThat(root.resolve("names")).isEmptyDirectory();
    assertThat(store.discarded()).hasSize(1);
  }

  @Test
  void aRenameCutShortLeavesOneName() throws IOException {
    create(web);
    assertThat(store.reserve("site", web.id())).isTrue();
    assertThat(reload()).extracting(found -> found.config().name()).containsExactly("web");
    assertThat(names()).containsExactly("web");

    assertThat(store.reserve("site", web.id())).isTrue();
    store.saveConfig(web.renamed("site"));
    assertThat(reload()).extracting(found -> found.config().name()).containsExactly("site");
    assertThat(names()).containsExactly("site");
  }

  @Test
  void aRemovalCutShortIsFinished() throws IOException {
    create(web);
    store.discard(web.id());
    assertThat(reload()).isEmpty();
    assertThat(names()).isEmpty();
  }

  @Test
  void aNameIsTakenOnce() throws IOException {
    create(web);
    assertThat(store.reserve("web", Configs.id("bb"))).isFalse();
  }

  @Test
  void aDamagedContainerIsReportedAndKeepsItsName() throws IOException {
    create(web);
    Files.writeString(store.directory(web.id()).config(), "{\"version\":");
    StateStore.Contents contents = store.load();
    assertThat(contents.containers()).isEmpty();
    assertThat(contents.damaged()).singleElement().asString().contains(web.id());
    assertThat(names()).containsExactly("web");
  }

  @Test
  void aContainerOutlivesTheLossOfItsState() throws IOException {
    create(web);
    Files.writeString(store.directory(web.id()).state(), "");
    assertThat(reload())
        .singleElement()
        .satisfies(found -> assertThat(found.state().error()).isEqualTo("its state was lost"));
  }

  @Test
  void whatIsKnownToBeAtRestIsLeftUnread() throws IOException {
    create(web);
    create(Configs.config("bb", "db", "true"));
    Files.writeString(store.directory(web.id()).config(), "not read");
    StateStore.Contents contents =
        store.load(Map.of(web.id(), "web", Configs.id("cc"), "removed meanwhile"));
    assertThat(contents.unread()).isEqualTo(Map.of(web.id(), "web"));
    assertThat(contents.containers()).extracting(found -> found.config().name()).containsOnly("db");
    assertThat(contents.damaged()).isEmpty();
    assertThat(names()).containsExactlyInAnyOrder("web", "db");
  }

  private void create(ContainerConfig config) throws IOException {
    assertThat(store.reserve(config.name(), config.id())).isTrue();
    store.prepare(config.id());
    store.saveConfig(config);
  }

  private List<StateStore.Found> reload() throws IOException {
    store = StateStore.open(root);
    return store.load().containers();
  }

  private List<String> names() throws IOException {
    try (var entries = Files.list(root.resolve("names"))) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}

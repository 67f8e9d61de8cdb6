package dev.coffer.image.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.CopyResult;
import dev.coffer.image.copy.FakeRegistry;
import dev.coffer.image.copy.ImageCopier;
import dev.coffer.image.copy.ImageDestination;
import dev.coffer.image.copy.ImagePlaces;
import dev.coffer.image.copy.ImageSource;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.store.ImageStoreOptions;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.image.store.StoreSession;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestListsTest {
  private static final RegistryAccess ACCESS = RegistryAccess.of(Map.of());
  private static final Platform ARM = Platform.parse("linux/arm64");
  private static final Reference LIST = Reference.parse("r.test/list:1");
  private static final byte[] BASE = new TarBuilder().directory("etc/").file("etc/a", "1").build();
  private static final byte[] TOP = new TarBuilder().file("etc/b", "22").build();

  @TempDir Path root;

  private final FakeRegistry registry = new FakeRegistry();
  private final ImagePlaces places = new ImagePlaces(registry, ArchiveLimits.DEFAULT);
  private final ImageBuilder here = ImageBuilder.of(Packing.GZIP, BASE);
  private final ImageBuilder there = ImageBuilder.of(ARM, Packing.GZIP, TOP);
  private LocalImageStore store;
  private Digest used;

  private interface Work<T> {
    T run(ManifestLists lists) throws IOException;
  }

  @BeforeEach
  void open() throws IOException {
    store = LocalImageStore.open(root, ImageStoreOptions.DEFAULT);
    load(here, "here:1");
    load(there, "r.test/there:1");
    try (StoreSession session = store.session();
        ImageSource source = source(session, "r.test/there:1");
        ImageDestination destination =
            places.destination(Reference.parse("r.test/there:1"), ACCESS)) {
      var _ = ImageCopier.copy(source, destination, CopyOptions.ALL, TransferListener.NONE);
    }
    var _ = store.remove("r.test/there:1", new RemoveOptions(false, _ -> false));
    registry.log.clear();
  }

  private static ImageSource source(StoreSession session, String name) throws IOException {
    return dev.coffer.image.copy.StoreSource.find(session, name);
  }

  private void load(ImageBuilder image, String name) throws IOException {
    var _ =
        store.load(
            new ByteArrayInputStream(ImageBuilder.tar(image.layout(name))), Optional.empty());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private <T> T with(Work<T> work) throws IOException {
    try (StoreSession session = store.session()) {
      return work.run(new ManifestLists(session, places, ACCESS, id -> id.equals(used)));
    }
  }

  private void make() throws IOException {
    var _ =
        with(
            lists -> {
              lists.create(LIST, List.of("here:1"), false, false);
              return lists.add(LIST, "r.test/there:1", false, PlatformChange.NONE);
            });
  }

  private Index shown() throws IOException {
    return with(
        lists -> {
          try (ImageSource source = lists.source(LIST).orElseThrow()) {
            return source.target().index();
          }
        });
  }

  private CopyResult push(String to) throws IOException {
    return with(
        lists -> {
          try (ImageSource source = lists.source(LIST).orElseThrow();
              ImageDestination destination = places.destination(Reference.parse(to), ACCESS)) {
            return ImageCopier.copy(source, destination, CopyOptions.ALL, TransferListener.NONE);
          }
        });
  }

  @Test
  void aListHasLocalAndRemoteMembersAndIsPushedWhole() throws IOException {
    make();
    assertThat(shown().manifests())
        .containsExactly(
            here.manifest().withPlatform(Platform.host()), there.manifest().withPlatform(ARM));
    CopyResult pushed = push("r.test/list:1");
    assertThat(pushed.target().digest())
        .isEqualTo(Digest.ofBytes(dev.coffer.spec.json.Json.bytes(shown().write())));
    // The remote member's blobs are of the same registry: they are mounted.
    assertThat(registry.log)
        .filteredOn(line -> line.startsWith("mount") && line.endsWith(" there"))
        .hasSize(2);
    assertThat(registry.log).filteredOn(line -> line.startsWith("upload")).hasSize(2);
    registry.log.clear();
    assertThat(push("other.test/list:1").target()).isEqualTo(pushed.target());
    assertThat(registry.log).filteredOn(line -> line.startsWith("upload")).hasSize(4);
  }

  @Test
  void aLocalMemberStaysWithItsList() throws IOException {
    make();
    var _ = store.remove("here:1", new RemoveOptions(false, _ -> false));
    store.close();
    store = LocalImageStore.open(root, ImageStoreOptions.DEFAULT);
    assertThat(push("r.test/list:1").target()).isNotNull();
    assertThat(store.list()).hasSize(1);
    var _ = store.remove(LIST.toString(), new RemoveOptions(false, _ -> false));
    store.sweep();
    assertThat(store.list()).isEmpty();
    try (Stream<Path> blobs = Files.list(root.resolve("content/blobs/sha256"))) {
      assertThat(blobs).isEmpty();
    }
  }

  @Test
  void changesLeaveNoFormerListsBehind() throws IOException {
    make();
    PlatformChange change =
        new PlatformChange(
            Optional.empty(),
            Optional.of("arm"),
            Optional.of("v7"),
            Optional.empty(),
            List.of("x"));
    with(
        lists -> {
          lists.annotate(LIST, "r.test/there:1", change);
          return null;
        });
    Platform changed = shown().manifests().getLast().platform().orElseThrow();
    assertThat(changed.toString()).isEqualTo("linux/arm/v7");
    assertThat(changed.osFeatures()).containsExactly("x");
    Descriptor removed = with(lists -> lists.remove(LIST, here.manifest().digest().toString()));
    assertThat(removed.digest()).isEqualTo(here.manifest().digest());
    assertThat(shown().manifests()).hasSize(1);
    try (Stream<Path> names = Files.list(root.resolve("images"))) {
      assertThat(names).hasSize(2);
    }
    assertThatThrownBy(() -> with(lists -> lists.remove(LIST, "here:1")))
        .hasMessageContaining("no manifest \"here:1\" in list \"r.test/list:1\"");
  }

  @Test
  void anImageInUseStaysWhenNoListHasItAnyMore() throws IOException {
    make();
    var _ = store.remove("here:1", new RemoveOptions(false, _ -> false));
    used = here.id();
    var _ = with(lists -> lists.remove(LIST, here.manifest().digest().toString()));
    assertThat(store.list()).hasSize(1);
    used = null;
    var _ = with(lists -> lists.remove(LIST, there.manifest().digest().toString()));
    assertThat(store.list()).hasSize(1);
    assertThat(store.prune(_ -> false)).isNotEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void membersOfAnIndexAreAddedAllOrTheHosts() throws IOException {
    byte[] archive =
        ImageBuilder.tar(
            ImageBuilder.layoutOfIndex("many:1", Map.of(ARM, there, Platform.host(), here)));
    var _ = store.load(new ByteArrayInputStream(archive), Optional.empty());
    with(
        lists -> {
          lists.create(LIST, List.of(), false, false);
          var _ = lists.add(LIST, "many:1", false, PlatformChange.NONE);
          return null;
        });
    assertThat(shown().manifests()).hasSize(1);
    var _ = with(lists -> lists.add(LIST, "many:1", true, PlatformChange.NONE));
    assertThat(shown().manifests()).hasSize(2);
    assertThat(push("r.test/list:1").target()).isNotNull();
  }

  @Test
  void whatIsNoListIsNotChanged() throws IOException {
    Reference image = Reference.parse("here:1");
    assertThatThrownBy(() -> with(lists -> lists.add(image, "here:1", false, PlatformChange.NONE)))
        .hasMessageContaining("\"here:1\" is an image and no list that was made here");
    assertThatThrownBy(
            () ->
                with(
                    lists -> {
                      lists.create(image, List.of(), true, false);
                      return null;
                    }))
        .hasMessage("cannot create manifest list \"here:1\": the name is in use (choose another)");
    assertThatThrownBy(() -> with(lists -> lists.add(LIST, "here:1", false, PlatformChange.NONE)))
        .hasMessage("no such manifest list: \"r.test/list:1\"");
    make();
    assertThatThrownBy(() -> make()).hasMessageContaining("add to the list with --amend");
    with(
        lists -> {
          lists.create(LIST, List.of("here:1"), true, false);
          return null;
        });
    assertThat(shown().manifests()).hasSize(2);
    assertThatThrownBy(
            () -> with(lists -> lists.add(LIST, "r.test/none:1", false, PlatformChange.NONE)))
        .hasMessageContaining("r.test/none has no manifest 1");
  }
}

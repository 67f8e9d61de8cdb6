package dev.coffer.engine.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.command.ImageCommand.ListTrees;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.create.ImageLookup;
import dev.coffer.engine.lifecycle.ImageMounts;
import dev.coffer.engine.model.ImagePlatform;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.NamedImage;
import dev.coffer.image.Image;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.store.ImageStoreOptions;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists and filters, with the answers that Docker gives to the same images. */
class ListImagesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final byte[] CONTENT = new TarBuilder().file("a", "1").build();

  @TempDir Path root;
  private LocalImageStore store;
  private ListImages listing;

  @BeforeEach
  void open() throws IOException {
    store = LocalImageStore.open(root, ImageStoreOptions.DEFAULT);
    listing = new ListImages(store, new ImageLookup(store), new ContainerIndex());
    make("base:1", 1, "LABEL a=b");
    store.tag("base:1", Reference.parse("other/name:latest"));
    store.tag("base:1", Reference.parse("base:3"));
    make("reg.example.org:5000/team/app:2", 2, "LABEL a=c x=y");
    make("dang:1", 3, "LABEL n=1");
    make("dang:1", 4, "LABEL n=2");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Image make(String name, int day, String label) throws IOException {
    return store.importRootfs(
        new ByteArrayInputStream(CONTENT),
        new ImportOptions(
            Optional.of(Reference.parse(name)),
            List.of(label),
            "",
            Optional.empty(),
            Optional.of(START.plusSeconds(86_400L * day)),
            false));
  }

  private List<ImageSummary> list(String... filters) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String filter : filters) {
      String[] parts = filter.split("=", 2);
      all.merge(
          parts[0], List.of(parts[1]), (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }
    return listing.handle(new ImageCommand.ListImages(all));
  }

  private static String names(List<ImageSummary> images) {
    return images.stream()
        .map(
            image -> image.references().isEmpty() ? "<none>" : String.join(" ", image.references()))
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reference=base | base:1 base:3",
        "reference=base:1 | base:1",
        "reference=ba*:1 reference=*/name | base:1 other/name:latest",
        "reference=* | dang:1 base:1 base:3",
        "reference=*/* | other/name:latest",
        "reference=** | dang:1 base:1 base:3",
        "reference=*/app | ''",
        "reference=reg.example.org:5000/*/* | reg.example.org:5000/team/app:2",
        "reference=reg.example.org:5000/team/app | reg.example.org:5000/team/app:2",
        "reference=nosuch | ''",
        "dangling=true | <none>",
        "dangling=1 | <none>",
        "dangling=false | dang:1 reg.example.org:5000/team/app:2 base:1 base:3 other/name:latest",
        "label=a | reg.example.org:5000/team/app:2 base:1 base:3 other/name:latest",
        "label=a=b | base:1 base:3 other/name:latest",
        "label=a label=x | reg.example.org:5000/team/app:2",
        "label=a=b label=a=c | ''",
        "before=reg.example.org:5000/team/app:2 | base:1 base:3 other/name:latest",
        "since=base:1 | dang:1 <none> reg.example.org:5000/team/app:2",
        "since=base:1 before=dang:1 | <none> reg.example.org:5000/team/app:2",
        "until=2026-01-03T00:00:00Z | base:1 base:3 other/name:latest",
        "label=a reference=base:3 | base:3"
      })
  void filters(String filters, String expected) {
    assertThat(names(list(filters.split(" ")))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dangling=maybe | invalid filter \"dangling=maybe\" (true or false)",
        "before=nosuch | no such image: nosuch",
        "label!=a | invalid filter \"label!\" (dangling, label, reference, before, since, until)",
        "reference=[ | cannot list images: syntax error in pattern \"[\""
      })
  void badFilters(String filter, String message) {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> list(filter))
        .withMessage(message);
  }

  /** A manifest as other tools push charts and signatures. */
  private Digest artifact(String... names) throws IOException {
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] content = "chart".getBytes(StandardCharsets.UTF_8);
    try (StoreSession session = store.session()) {
      Digest config = session.adding().put(empty);
      Digest layer = session.adding().put(content);
      byte[] manifest =
          """
          {"schemaVersion": 2, "mediaType": "%s", "artifactType": "application/vnd.example.chart",
           "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 2},
           "layers": [{"mediaType": "application/vnd.example.tar", "digest": "%s", "size": 5}],
           "annotations": {"org.opencontainers.image.created": "2026-01-09T00:00:00Z"}}
          """
              .formatted(MediaTypes.OCI_MANIFEST, config, layer)
              .getBytes(StandardCharsets.UTF_8);
      Digest digest = session.adding().put(manifest);
      session.keep(
          Descriptor.of(MediaTypes.OCI_MANIFEST, digest, manifest.length),
          List.of(names).stream().map(Reference::parse).toList());
      return digest;
    }
  }

  @Test
  void artifactsAreListedByTheDigestsOfTheirManifests() throws IOException {
    Digest digest = artifact("charts/one:1");
    ImageSummary first = list().getFirst();
    assertThat(first.id()).isEqualTo(digest.toString());
    assertThat(first.references()).containsExactly("charts/one:1");
    assertThat(first.digests()).containsExactly("charts/one@" + digest);
    assertThat(first.sizeBytes()).isGreaterThan(5 + 2);
    assertThat(names(list("dangling=true"))).isEqualTo("<none>");
    assertThat(names(list("reference=charts/*"))).isEqualTo("charts/one:1");
    assertThat(store.artifact(digest.toString()).orElseThrow().type())
        .isEqualTo("application/vnd.example.chart");
    assertThat(store.artifact(digest.hex().substring(0, 12)).orElseThrow().references())
        .containsExactly(Reference.parse("charts/one:1"));
    assertThat(store.artifact("base:1")).isEmpty();
    assertThat(store.artifact("nosuch")).isEmpty();
  }

  @Test
  void anArtifactIsRemovedByItsIdUnlessThatMeansSeveralNames() throws IOException {
    String id = artifact("charts/one:1", "charts/two:1").hex();
    ImageHandlers handlers =
        new ImageHandlers(store, new ContainerIndex(), ImageMounts.open(root, each -> true));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> handlers.handle(new ImageCommand.RemoveImage(id, true, true)))
        .withMessageContaining(
            "several names point at it (remove those: charts/one:1, charts/two:1)");
    assertThat(handlers.handle(new ImageCommand.RemoveImage("charts/two:1", false, true)))
        .hasSize(1);
    assertThat(handlers.handle(new ImageCommand.RemoveImage(id, false, true))).isNotEmpty();
    assertThat(store.artifacts()).isEmpty();
  }

  @Test
  void treesHaveOneEntryForEachNameWithItsPlatforms() throws IOException {
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(Platform.host(), ImageBuilder.of(Packing.PLAIN, CONTENT));
    images.put(
        Platform.parse("linux/s390x"),
        ImageBuilder.of(Platform.parse("linux/s390x"), Packing.PLAIN, CONTENT));
    byte[] archive = ImageBuilder.tar(ImageBuilder.layoutOfIndex("many:1", images));
    assertThat(store.load(new ByteArrayInputStream(archive), Optional.empty()).images()).hasSize(2);
    ShowImageTree trees = new ShowImageTree(store, listing, id -> true);
    List<NamedImage> all = trees.handle(new ListTrees(Map.of()));
    assertThat(all)
        .extracting(NamedImage::name)
        .hasSize(7)
        .contains("many:1", "base:1", "base:3", "dang:1")
        .doesNotHaveDuplicates();
    NamedImage many = all.stream().filter(each -> each.name().equals("many:1")).findFirst().get();
    assertThat(many.platforms())
        .extracting(ImagePlatform::platform)
        .containsExactly(Platform.host().toString(), "linux/s390x");
    assertThat(many.platforms()).allMatch(ImagePlatform::used);
    assertThat(many.contentBytes())
        .isEqualTo(many.platforms().stream().mapToLong(ImagePlatform::contentBytes).sum());
  }
}

package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.ImageCopier;
import dev.coffer.image.copy.RegistryDestination;
import dev.coffer.image.copy.StoreSource;
import dev.coffer.image.copy.UploadsUnderWay;
import dev.coffer.image.pull.PullLimits;
import dev.coffer.image.pull.PullOptions;
import dev.coffer.image.pull.PullResult;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.registry.client.Registries;
import dev.coffer.image.registry.client.RegistryOptions;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.kernel.Spawner;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import dev.coffer.testkit.registry.HostileRegistry;
import dev.coffer.testkit.registry.Misbehaviour;
import dev.coffer.testkit.registry.Misbehaviour.Outcome;
import dev.coffer.testkit.registry.Misbehaviours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a registry does, a pull or a push ends soon, with the right error or well; the store is
 * as it was, and nothing secret went elsewhere.
 */
class HostileRegistryIT {
  private static final ArchiveLimits LIMITS =
      new ArchiveLimits(1000, 4096, 512, 1 << 20, 1L << 40, 64L << 20, 200, 1 << 20);
  private static final PullLimits HASTE =
      new PullLimits(
          4,
          64 << 10,
          3,
          3,
          1,
          Duration.ofSeconds(10),
          1,
          Duration.ofMillis(2),
          Duration.ofMillis(10));

  /** After which silence is given up on; what behaves may be slow on a busy machine. */
  private static final Duration HURRY = Duration.ofMillis(300);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final ImageBuilder KEPT =
      ImageBuilder.of(Packing.GZIP, new TarBuilder().file("kept", "kept").build());

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private HostileRegistry registry;
  private LocalImageStore store;
  private Path root;

  @BeforeEach
  void start() throws IOException {
    registry = HostileRegistry.start();
    root = Files.createDirectories(directory.resolve("a/b/root"));
    Files.writeString(Files.createDirectory(directory.resolve("outside")).resolve("file"), "x");
    // Closed again, because until then something may be written in the background.
    try (LocalImageStore first = open()) {
      for (ImageBuilder image : List.of(KEPT, registry.image())) {
        String name = image == KEPT ? "kept:1" : "pushed:1";
        Image loaded = StoreFixture.load(first, image.layout(name)).images().getFirst();
        assertThat(first.layers(loaded)).hasSameSizeAs(loaded.chainIds());
      }
    }
  }

  private LocalImageStore open() throws IOException {
    return LocalImageStore.open(
        root, new ImageStoreOptions(LIMITS, Optional.empty(), HASTE, List.of()));
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    registry.close();
  }

  static Stream<Misbehaviour> misbehaviours() {
    return Misbehaviours.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misbehaviours")
  @Timeout(20)
  void comesToNothing(Misbehaviour misbehaviour) throws IOException {
    try (LocalImageStore first = open()) {
      if (misbehaviour.action() != Misbehaviour.Action.PUSH) {
        assertThat(first.remove("pushed:1", RemoveOptions.DEFAULT)).isNotEmpty();
        first.sweep();
      }
    }
    store = open();
    List<String> files = StoreFixture.contents(root);
    Map<String, String> held = PowerCutScenario.holdings(store);
    registry.arrange(misbehaviour);

    switch (misbehaviour.outcome()) {
      case Outcome.Success() -> act(misbehaviour.action(), HURRY);
      case Outcome.Failure expected -> {
        ImageException failure =
            assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> act(misbehaviour.action(), HURRY))
                .actual();
        check(failure, expected);
        assertThat(PowerCutScenario.holdings(store)).isEqualTo(held);
        blobsAreWhole();
        // What a pull has brought so far may be kept for the next, which succeeds.
        registry.behave();
        act(misbehaviour.action(), PATIENCE);
      }
    }

    if (misbehaviour.action() == Misbehaviour.Action.PULL) {
      assertThat(store.remove(reference("app:1").toString(), RemoveOptions.DEFAULT)).isNotEmpty();
      store.sweep();
    }
    assertThat(PowerCutScenario.holdings(store)).isEqualTo(held);
    assertThat(StoreFixture.contents(root)).containsExactlyInAnyOrderElementsOf(files);
    assertThat(registry.leaks()).isEmpty();
    assertThat(directory.resolve("outside/file")).hasContent("x");
    assertThat(directory.resolve("outside").toFile().list()).hasSize(1);
    assertThat(directory.toFile().list()).containsOnly("a", "outside", "system", "home");
  }

  private void check(ImageException failure, Outcome.Failure expected) {
    String message = failure.getMessage();
    assertThat(expected.kind().split("\\|")).as(message).contains(failure.kind().name());
    assertThat(message).hasSizeLessThan(1000).matches("\\P{Cntrl}+");
    assertThat(registry.domains()).as(message).anyMatch(message::contains);
    for (String part : expected.parts()) {
      assertThat(message).contains(registry.filledIn(part));
    }
  }

  private void blobsAreWhole() throws IOException {
    try (Stream<Path> blobs = Files.list(root.resolve("content/blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        Digest digest = Digest.ofBytes(Files.readAllBytes(blob));
        assertThat(blob.getFileName()).hasToString(digest.hex());
      }
    }
  }

  private void act(Misbehaviour.Action action, Duration stall) throws IOException {
    try (Registries registries = new Registries(options(stall), Spawner.posix())) {
      RemoteRepository repository = registries.open(reference("app:1"), access());
      switch (action) {
        case PULL -> pull(repository);
        case PUSH -> push(registries.open(reference("pushed:1"), access()));
        case LIST_TAGS -> assertThat(repository.tags()).isSubsetOf("1");
        case LIST_REFERRERS ->
            assertThat(
                    repository
                        .referrers(registry.image().manifest().digest(), Optional.empty())
                        .manifests())
                .isEmpty();
      }
    }
  }

  private void pull(RemoteRepository repository) throws IOException {
    PullResult pulled =
        store.pull(reference("app:1"), repository, PullOptions.DEFAULT, TransferListener.NONE);
    Image image = pulled.image().orElseThrow();
    assertThat(store.layers(image)).hasSameSizeAs(image.chainIds());
  }

  private void push(RemoteRepository repository) throws IOException {
    try (StoreSession session = store.session();
        RegistryDestination destination =
            new RegistryDestination(repository, reference("pushed:1"), new UploadsUnderWay())) {
      ImageCopier.copy(
          StoreSource.find(session, "pushed:1"),
          destination,
          CopyOptions.ALL,
          TransferListener.NONE);
    }
  }

  private Reference reference(String name) {
    return Reference.parse(registry.domain() + "/" + name);
  }

  private RegistryAccess access() {
    return new RegistryAccess(
        Map.of("HOME", directory.resolve("home").toString(), "PATH", "/usr/bin:/bin"),
        Optional.empty(),
        Optional.of(new RegistryAccess.Credentials(HostileRegistry.USER, HostileRegistry.PASSWORD)),
        Optional.empty(),
        Optional.empty());
  }

  /** With this registry's settings alone. */
  private RegistryOptions options(Duration stall) throws IOException {
    Path system = directory.resolve("system");
    Files.createDirectories(directory.resolve("home"));
    Path hosts = system.resolve("etc/coffer/registries.d/" + registry.domain());
    Files.createDirectories(hosts);
    String settings = "server = \"http://" + registry.domain() + "\"\n";
    if (registry.mirror().isPresent()) {
      settings += "[host.\"http://" + registry.mirror().get() + "\"]\n";
      settings += "  capabilities = [\"pull\", \"resolve\"]\n";
    }
    Files.writeString(hosts.resolve("hosts.toml"), settings);
    return new RegistryOptions(
        system,
        Duration.ofSeconds(2),
        stall,
        Duration.ofSeconds(2),
        3,
        Duration.ofMillis(2),
        Duration.ofSeconds(1));
  }
}

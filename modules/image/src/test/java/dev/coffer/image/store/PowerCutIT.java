package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.coffer.image.Image;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.PendingPulls;
import dev.coffer.image.store.PowerCutScenario.Story;
import dev.coffer.spec.image.Digest;
import dev.coffer.testkit.powercut.FileOperation.Recorded;
import dev.coffer.testkit.powercut.PowerCut;
import dev.coffer.testkit.powercut.PowerCuts;
import dev.coffer.testkit.powercut.SystemCallLog;
import dev.coffer.testkit.powercut.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The store's system calls are recorded while it is used, and replayed to every point and to what a
 * file system may make of them when the power is cut there. Each state opens, holds what was
 * promised, and is whole.
 *
 * <p>A part of the states is tried, by a seed; {@code -Dpowercut.all=true} tries all, {@code
 * -Dpowercut.seed=N} others.
 */
class PowerCutIT {
  private static final boolean ALL = Boolean.getBoolean("powercut.all");
  private static final PowerCuts.Sample SAMPLE =
      new PowerCuts.Sample(4, 4, ALL ? 1 : 0.2, Long.getLong("powercut.seed", 20_260_101));

  /** One in so many of the states in which only the process was killed. */
  private static final int KILLS = 3;

  private static final String EARLIER_BOOT = "01234567-89ab-cdef-0123-456789abcdef";

  /** States are made in memory, where one costs a fraction of the time. */
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path directory;
  private Path states;

  private final Map<Digest, List<String>> unpacked = new HashMap<>();

  @BeforeEach
  void makePlaceForStates() throws IOException {
    states =
        Files.createTempDirectory(Files.isDirectory(MEMORY) ? MEMORY : directory, "coffer-cut");
  }

  @AfterEach
  void removeStates() throws IOException {
    delete(states);
  }

  @ParameterizedTest
  @EnumSource
  void everyStateOpensAndVerifies(Story story) throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Path notes = Files.createDirectory(directory.resolve("notes"));
    List<Recorded> log = record(story, root, notes);
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();

    Path replayed = Files.createDirectory(directory.resolve("replayed"));
    PowerCuts.end(log).write(replayed, UnaryOperator.identity());
    assertThat(TreeText.of(replayed, false)).isEqualTo(TreeText.of(root, false));
    rememberLayers();

    List<String> wrong = new ArrayList<>();
    int[] opened = {0};
    int states =
        PowerCuts.visit(
            log,
            SAMPLE,
            cut -> {
              // A layer's record names the boot in which it was unpacked: that is over.
              check(story, cut, text -> text.replace(boot, EARLIER_BOOT), notes, wrong);
              opened[0]++;
              if (cut.synced() && (ALL || cut.operations() % KILLS == 0)) {
                check(story, cut, UnaryOperator.identity(), notes, wrong);
                opened[0]++;
              }
            });
    System.out.printf(
        "%s: %d operations, %d states of the disk, %d stores opened, %d wrong%n",
        story, log.size(), states, opened[0], wrong.size());
    assertThat(wrong.stream().limit(20)).isEmpty();
    assertThat(states).isGreaterThan(100);
  }

  private List<Recorded> record(Story story, Path root, Path notes) throws Exception {
    Path marks = Files.createDirectory(notes.resolve("marks"));
    Path log = directory.resolve("strace.log");
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 022; exec \"$@\"", "sh"));
    command.addAll(SystemCallLog.command(log));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(PowerCutScenario.class.getName(), story.name(), root.toString()));
    command.add(notes.toString());
    Path output = directory.resolve("output");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    assertThat(code).as("%s", Files.readString(output)).isZero();
    return SystemCallLog.read(log, root, marks, 022);
  }

  /** What layers are unpacked to when nothing goes wrong. */
  private void rememberLayers() throws IOException {
    try (LocalImageStore store = StoreFixture.open(directory.resolve("reference"))) {
      for (var each :
          List.of(
              PowerCutScenario.ONE,
              PowerCutScenario.TWO,
              PowerCutScenario.THREE,
              PowerCutScenario.FOUR,
              PowerCutScenario.COMMITTED,
              PowerCutScenario.PULLED)) {
        Image image = StoreFixture.load(store, each.layout("")).images().getFirst();
        List<Path> layers = store.layers(image);
        for (int i = 0; i < layers.size(); i++) {
          unpacked.put(image.chainIds().get(i), TreeText.of(layers.get(i), true));
        }
      }
    }
  }

  private void check(
      Story story, PowerCut cut, UnaryOperator<String> contents, Path notes, List<String> wrong)
      throws IOException {
    Path place = Files.createDirectory(states.resolve("state"));
    Path root = Files.createDirectory(place.resolve("root"));
    Files.writeString(Files.createDirectory(place.resolve("outside")).resolve("file"), "untouched");
    try {
      cut.state().write(root, contents);
      Map<String, String> before = PowerCutScenario.holdings(notes, cut.marks());
      Map<String, String> after = PowerCutScenario.holdings(notes, cut.marks() + 1);
      boolean last = !Files.exists(notes.resolve((cut.marks() + 1) + ".txt"));
      Map<String, String> held;
      try (LocalImageStore store = StoreFixture.open(root)) {
        held = PowerCutScenario.holdings(store);
        holdsBetween(held, before, last ? before : after);
        isWhole(store);
      }
      List<String> files = StoreFixture.contents(root);
      try (LocalImageStore store = StoreFixture.open(root)) {
        assertThat(PowerCutScenario.holdings(store)).as("second opening").isEqualTo(held);
        isSwept(store, root, held.keySet());
      }
      assertThat(StoreFixture.contents(root)).as("files after two openings").isEqualTo(files);
      if (story == Story.RESUMED_PULL) {
        goesOn(root);
      }
      assertThat(TreeText.of(place.resolve("outside"), false)).hasSize(2);
      assertThat(place.resolve("outside/file")).hasContent("untouched");
      assertThat(place.toFile().list()).hasSize(2);
    } catch (IOException | RuntimeException | AssertionError e) {
      wrong.add(cut + ": " + e);
    } finally {
      delete(place);
    }
  }

  /** Each name leads to what it led to before the operation that was cut short, or after it. */
  private static void holdsBetween(
      Map<String, String> held, Map<String, String> before, Map<String, String> after) {
    Set<String> keys = new TreeSet<>(held.keySet());
    keys.addAll(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String is = held.get(key);
      boolean asBefore = Objects.equals(is, before.get(key));
      if (!asBefore && !Objects.equals(is, after.get(key))) {
        fail("\"%s\" is [%s], and was [%s]", key, is, before.get(key));
      }
    }
  }

  private void isWhole(LocalImageStore store) throws IOException {
    for (Image image : store.list()) {
      List<Path> layers = store.layers(image);
      assertThat(layers).hasSameSizeAs(image.chainIds());
      for (int i = 0; i < layers.size(); i++) {
        List<String> expected = unpacked.get(image.chainIds().get(i));
        if (expected != null) {
          assertThat(TreeText.of(layers.get(i), true)).isEqualTo(expected);
        }
      }
    }
  }

  /** Whatever is left of a pull, another one brings the image. */
  private void goesOn(Path root) throws IOException {
    try (LocalImageStore store = PowerCutScenario.openToPull(root)) {
      PowerCutScenario.pull(store, PowerCutScenario.repository());
      assertThat(PowerCutScenario.holdings(store))
          .containsKey(PowerCutScenario.PULLED_NAME.toString());
      isWhole(store);
      store.sweep();
      isSwept(store, root, PowerCutScenario.holdings(store).keySet());
    }
  }

  /** All blobs have their digests, and there is nothing else but what unfinished pulls need. */
  private static void isSwept(LocalImageStore store, Path root, Set<String> held)
      throws IOException {
    PendingPulls.Needed pulls = ContentStore.open(root.resolve("content")).pending().needed();
    Set<String> chains = new HashSet<>(Set.of("empty"));
    pulls.chainIds().forEach(chain -> chains.add(chain.hex()));
    for (Image image : store.list()) {
      image.chainIds().forEach(chain -> chains.add(chain.hex()));
    }
    try (Stream<Path> layers = Files.list(root.resolve("layers"))) {
      assertThat(layers.map(path -> path.getFileName().toString())).isSubsetOf(chains);
    }
    try (Stream<Path> arriving = Files.list(root.resolve("content/ingest"))) {
      assertThat(arriving.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .isSubsetOf(
              pulls.arriving().stream().map(blob -> "sha256-" + blob.hex() + ".part").toList());
    }
    try (Stream<Path> blobs = Files.list(root.resolve("content/blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        Digest digest = Digest.ofBytes(Files.readAllBytes(blob));
        assertThat(digest.hex()).isEqualTo(blob.getFileName().toString());
      }
    }
    try (Stream<Path> records = Files.list(root.resolve("images"))) {
      for (Path record : records.toList()) {
        ReferenceRecord read = ReferenceRecord.read("record", Files.readAllBytes(record));
        assertThat(read.fileName()).isEqualTo(record.getFileName().toString());
        Digest target = read.target().digest();
        assertThat(root.resolve("content/blobs/sha256").resolve(target.hex())).exists();
        read.reference().ifPresent(name -> assertThat(held).contains(name.toString()));
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.CheckReport;
import dev.coffer.image.Image;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.PendingPulls;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that does everything at once to a store is killed (SIGKILL) at random points, again and
 * again over the same data root. Each time the store opens, every name leads to what it led to
 * before or after what was cut short, all is whole, and nothing else is there. Longer: {@code
 * -Dkill.seconds=600}.
 */
class StoreKillIT {
  private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("kill.seconds", 12));
  private static final int LEAST = 4;

  /** It is killed when it has done up to so many operations, and a moment later. */
  private static final int MOST_DONE = 12;

  private static final int MOMENT_MILLIS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int KILLED = 137;

  @TempDir Path directory;
  private final Random random = new Random(20_261_128);
  private final Map<String, String> led = new TreeMap<>();
  private int cutShort;

  @Test
  void whateverItWasDoingNothingIsLostAndNothingIsLeft() throws Exception {
    Path root = directory.resolve("root");
    Path journal = directory.resolve("journal");
    int rounds = 0;
    int done = 0;
    Instant end = Instant.now().plus(LIMIT);
    while (rounds < LEAST || Instant.now().isBefore(end)) {
      Files.deleteIfExists(journal);
      run(root, journal, rounds);
      List<String> lines = Files.readAllLines(journal);
      done += done(lines);
      verify(root, possible(lines));
      rounds++;
    }
    System.out.printf(
        "%d kills, %d operations done, %d cut short, %d names at the end%n",
        rounds, done, cutShort, led.size());
    assertThat(done).isGreaterThanOrEqualTo(LEAST);
    assertThat(cutShort).isGreaterThanOrEqualTo(LEAST);
  }

  private static int done(List<String> lines) {
    return (int) lines.stream().filter(line -> line.startsWith("end ")).count();
  }

  private void run(Path root, Path journal, long seed) throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BusyStore.class.getName(),
                root.toString(),
                journal.toString(),
                Long.toString(seed))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      // By what it has done and not by the clock alone: on a busy machine it does little in a
      // second.
      Instant enough = Instant.now().plus(PATIENCE);
      int wanted = 1 + random.nextInt(MOST_DONE);
      while (!Files.exists(journal)
          || Files.size(journal) == 0
          || (done(Files.readAllLines(journal)) < wanted && Instant.now().isBefore(enough))) {
        boolean ended = process.waitFor(5, TimeUnit.MILLISECONDS);
        assertThat(ended).as("ended: %s", Files.readString(output)).isFalse();
      }
      boolean ended = process.waitFor(random.nextInt(MOMENT_MILLIS), TimeUnit.MILLISECONDS);
      assertThat(ended).as("ended: %s", Files.readString(output)).isFalse();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as("%s", Files.readString(output)).isEqualTo(KILLED);
  }

  /** What each name may lead to: what it led to, or what somebody was about to make of it. */
  private Map<String, Set<String>> possible(List<String> lines) {
    Map<String, Set<String>> possible = new HashMap<>();
    led.forEach((name, id) -> possible.put(name, new HashSet<>(Set.of(id))));
    for (String line : lines) {
      String[] words = line.split(" ");
      Set<String> ids = possible.computeIfAbsent(words[1], _ -> new HashSet<>(Set.of("-")));
      if (words[0].equals("end")) {
        ids.clear();
      }
      ids.add(words[2]);
    }
    cutShort += (int) possible.values().stream().filter(ids -> ids.size() > 1).count();
    return possible;
  }

  private void verify(Path root, Map<String, Set<String>> possible) throws IOException {
    Map<String, String> holdings;
    led.clear();
    try (LocalImageStore store = BusyStore.open(root)) {
      holdings = PowerCutScenario.holdings(store);
      for (Image image : store.list()) {
        image.references().forEach(name -> led.put(name.toString(), image.id().hex()));
        assertThat(store.layers(image))
            .hasSameSizeAs(image.chainIds())
            .allMatch(Files::isDirectory);
      }
      CheckReport report = store.check(Optional.empty(), _ -> false);
      assertThat(report.findings()).isEmpty();
      possible.forEach(
          (name, ids) -> {
            if (!ids.contains("?")) {
              assertThat(led.getOrDefault(name, "-")).as(name).isIn(ids);
            }
          });
      assertThat(possible.keySet()).containsAll(led.keySet());
    }
    try (LocalImageStore store = BusyStore.open(root)) {
      assertThat(PowerCutScenario.holdings(store)).as("second opening").isEqualTo(holdings);
      store.sweep();
      nothingElseIsThere(store, root);
    }
  }

  /** What unfinished pulls need may stay, until they are given up. */
  private static void nothingElseIsThere(LocalImageStore store, Path root) throws IOException {
    PendingPulls.Needed pulls = ContentStore.open(root.resolve("content")).pending().needed();
    Set<String> chains = new HashSet<>(Set.of("empty"));
    pulls.chainIds().forEach(chain -> chains.add(chain.hex()));
    for (Image image : store.list()) {
      image.chainIds().forEach(chain -> chains.add(chain.hex()));
    }
    assertThat(names(root.resolve("layers"))).isSubsetOf(chains);
    assertThat(names(root.resolve("trash/layers"))).isEmpty();
    List<String> parts =
        pulls.arriving().stream().map(Digest::hex).map(hex -> "sha256-" + hex + ".part").toList();
    List<String> arriving = new ArrayList<>(names(root.resolve("content/ingest")));
    arriving.remove("pulls");
    assertThat(arriving).isSubsetOf(parts);
  }

  private static List<String> names(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}

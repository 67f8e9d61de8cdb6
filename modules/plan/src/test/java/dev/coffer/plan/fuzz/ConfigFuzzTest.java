package dev.coffer.plan.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.coffer.spec.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Changed configs, the same ones in every build. With {@code -Dfuzz.seconds=N} others, for so long;
 * their plans are kept in the directory {@code -Dfuzz.corpus} for the fuzzer of the C decoder.
 */
class ConfigFuzzTest {
  private static final int STEPS = 3_000;
  private static final long SEED = 1;
  private static final int KEPT_PLANS = 500;

  /** Beyond what is wanted, one step went on. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private static final List<Path> SEEDS =
      List.of(
          Path.of("src/test/resources/dev/coffer/plan"),
          Path.of("../spec/src/test/resources/dev/coffer/spec/runtime"));

  @Test
  void everyConfigIsRefusedOrCompiled() throws IOException {
    AtomicInteger plans = new AtomicInteger();
    ConfigFuzzer fuzzer = new ConfigFuzzer(SEED, seeds(), _ -> plans.incrementAndGet());
    for (int step = 0; step < STEPS; step++) {
      fuzzer.step();
    }
    assertThat(plans.get())
        .as("plans: else nothing but refusals was tried")
        .isGreaterThan(STEPS / 10);
  }

  @Test
  void soAreOthersForAsLongAsIsWanted() throws IOException {
    Duration wanted = Duration.ofSeconds(Long.getLong("fuzz.seconds", 1));
    long seed = Long.getLong("fuzz.seed", new SecureRandom().nextLong());
    AtomicInteger plans = new AtomicInteger();
    AtomicInteger steps = new AtomicInteger();
    ConfigFuzzer fuzzer = new ConfigFuzzer(seed, seeds(), plan -> keep(plan, plans));
    assertTimeoutPreemptively(
        wanted.plus(GRACE),
        () -> {
          Duration tenth = wanted.dividedBy(10);
          fuzz(fuzzer, seed, steps, tenth);
          Footprint before = Footprint.now();
          fuzz(fuzzer, seed, steps, tenth.multipliedBy(8));
          Footprint after = Footprint.now();
          // Caches of a few filters may hold large ones for a while. What leaks stays.
          for (int i = 0; i < 10; i++) {
            fuzz(fuzzer, seed, steps, tenth.dividedBy(10));
            after = after.orLess(Footprint.now());
          }
          System.out.printf("before and after: %s, %s%n", before, after);
          after.requireNoMoreThan(before);
        },
        () -> "seed %d, step %d does not end".formatted(seed, steps.get()));
    System.out.printf("fuzzed %s configs into %s plans, seed %d%n", steps, plans, seed);
  }

  private static void fuzz(
      ConfigFuzzer fuzzer, long seed, AtomicInteger steps, Duration forSoLong) {
    for (long end = System.nanoTime() + forSoLong.toNanos();
        System.nanoTime() < end;
        steps.incrementAndGet()) {
      try {
        fuzzer.step();
      } catch (AssertionError e) {
        throw new AssertionError("seed %d, step %s: %s".formatted(seed, steps, e.getMessage()), e);
      }
    }
  }

  /** Few of many, more and more rarely: the first ones are no better than the last. */
  private static void keep(byte[] plan, AtomicInteger plans) {
    int number = plans.getAndIncrement();
    String corpus = System.getProperty("fuzz.corpus", "");
    if (!corpus.isEmpty() && number % 100 == 0) {
      write(Path.of(corpus, "config-" + number / 100 % KEPT_PLANS), plan);
    }
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonValue> seeds() throws IOException {
    List<JsonValue> seeds = new ArrayList<>();
    for (Path directory : SEEDS) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file :
            files.filter(each -> each.toString().endsWith(".json")).sorted().toList()) {
          seeds.add(ConfigFuzzer.parse(Files.readAllBytes(file)));
        }
      }
    }
    return seeds;
  }
}

package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of broken configs in a row, as a client in a loop would send them: each is refused in
 * one line, and the engine that refuses them neither dies of it nor grows.
 *
 * <p>For Coffer alone: what is one line of, and which config another runtime takes, are its own
 * business.
 */
class BrokenConfigIT extends OciSuite {
  private static final int CONFIGS = Integer.getInteger("broken.configs", 300);
  private static final long SEED = Long.getLong("broken.seed", 1);

  /** By then classes are loaded and caches have what they keep. */
  private static final int WARM_UP = CONFIGS / 3;

  private static final int LONGEST_ERROR = 2048;

  /**
   * A quarter of what one for each refusal would be; the engine has some of its own at any time.
   */
  private static final int MOST_DESCRIPTORS = (CONFIGS - WARM_UP) / 4;

  /** Wide, as the heap may grow before anything is collected from it. */
  private static final long MOST_KIB = 64 * 1024;

  @Test
  void eachIsRefusedAndNothingGrows() throws Exception {
    assumeCoffer();
    BrokenConfigs configs = new BrokenConfigs(SEED);
    long engine = 0;
    long descriptors = 0;
    long residentKib = 0;
    for (int number = 0; number < CONFIGS; number++) {
      if (number == WARM_UP) {
        engine = engine();
        descriptors = descriptors(engine);
        residentKib = residentKib(engine);
      }
      isRefused(number, configs);
    }
    assertThat(engine()).as("the engine that has refused them").isEqualTo(engine);
    assertThat(descriptors(engine))
        .as("descriptors of the engine, %d before", descriptors)
        .isLessThan(descriptors + MOST_DESCRIPTORS);
    assertThat(residentKib(engine))
        .as("KiB of the engine, %d before", residentKib)
        .isLessThan(residentKib + MOST_KIB);
    new Leftovers(runtime().root(), workspace().prefix()).assertNoneAnywhere();
  }

  private void isRefused(int number, BrokenConfigs configs) throws IOException {
    Bundle bundle = workspace().bundle();
    configs.breakNext(bundle);
    String id = workspace().prefix() + "-broken" + number;
    String verb = number % 2 == 0 ? "create" : "run";
    Result result =
        runtime().run(verb, "--bundle", bundle.directory().toString(), id).fails().exits(1);
    String config = Files.readString(bundle.directory().resolve("config.json"));
    assertThat(result.err()).as("error of config %d: %s", number, config).hasLineCount(1);
    assertThat(result.err().strip())
        .as("error of config %d", number)
        .hasSizeLessThan(LONGEST_ERROR)
        .matches("\\P{Cntrl}+");
    if (number % 50 == 0) {
      new Leftovers(runtime().root(), id).assertNone();
    }
  }

  private static long descriptors(long pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    }
  }

  private static long residentKib(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}

package dev.coffer.plan.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this JVM holds when nothing is going on.
 *
 * @param heapBytes of objects in use
 * @param descriptors that are open
 */
record Footprint(long heapBytes, long descriptors) {
  private static final long MORE_BYTES = 32L << 20;
  private static final long MORE_DESCRIPTORS = 8;

  static Footprint now() {
    System.gc();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return new Footprint(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), descriptors.count());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Footprint orLess(Footprint other) {
    return new Footprint(
        Math.min(heapBytes, other.heapBytes), Math.min(descriptors, other.descriptors));
  }

  /** Allows for caches that fill and classes that come in, not for what grows with every step. */
  void requireNoMoreThan(Footprint before) {
    assertThat(heapBytes).as("bytes in use").isLessThan(before.heapBytes + MORE_BYTES);
    assertThat(descriptors)
        .as("open descriptors")
        .isLessThanOrEqualTo(before.descriptors + MORE_DESCRIPTORS);
  }
}

package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** This machine and its kernel. */
public final class Host {
  private static final int FIELD = 65;
  private static final int FIELDS = 6;

  private Host() {}

  /** {@code uname(2)}. */
  public record Uname(String system, String node, String release, String version, String machine) {}

  /** Who the kernel says it is. */
  public static Uname uname() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate((long) FIELD * FIELDS);
      long result = Syscall.call(Call.UNAME, names.address());
      if (result < 0) {
        throw KernelException.of(Call.UNAME, result);
      }
      return new Uname(
          field(names, 0), field(names, 1), field(names, 2), field(names, 3), field(names, 4));
    }
  }

  /** A UUID that is new with each boot, of 36 characters. */
  public static String bootId() throws KernelException {
    return ProcFile.read("/proc/sys/kernel/random/boot_id").strip();
  }

  /** Time since the boot, sleep included. */
  public static Duration uptime() throws KernelException {
    String seconds = ProcFile.read("/proc/uptime").split(" ", 2)[0];
    return Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue());
  }

  /** The capabilities that this process can use, bit n for capability n. */
  public static long effectiveCapabilities() throws KernelException {
    for (String line : ProcFile.read("/proc/self/status").split("\n", -1)) {
      if (line.startsWith("CapEff:")) {
        return Long.parseUnsignedLong(line.substring(7).strip(), 16);
      }
    }
    throw new KernelException("read", Errno.ENODATA.number(), "/proc/self/status", "CapEff");
  }

  private static String field(MemorySegment names, int index) {
    byte[] bytes = names.asSlice((long) FIELD * index, FIELD).toArray(JAVA_BYTE);
    int end = 0;
    while (bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}

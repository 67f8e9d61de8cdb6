package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.SeccompArch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The system calls of an architecture, up to Linux 7.1. The numbers are what a filter sees: those
 * of x32 have their bit, those of MIPS their base.
 */
public final class SyscallTable {
  private final Map<String, Integer> numbers;
  private final Map<Integer, String> names;

  private SyscallTable(Map<String, Integer> numbers) {
    this.numbers = numbers;
    Map<Integer, String> reverse = new HashMap<>();
    numbers.forEach((name, number) -> reverse.put(number, name));
    this.names = Collections.unmodifiableMap(reverse);
  }

  /** Reads the table from this package's resources: lines of a name and a number. */
  static SyscallTable load(SyscallAbi abi) {
    int bit = abi.arch() == SeccompArch.X32 ? SyscallAbi.X32_BIT : 0;
    Map<String, Integer> numbers = new HashMap<>();
    String resource = "syscalls/" + abi.table();
    try (InputStream in = SyscallTable.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        numbers.put(line.substring(0, space), Integer.parseInt(line.substring(space + 1)) | bit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource " + resource, e);
    }
    return new SyscallTable(Collections.unmodifiableMap(numbers));
  }

  /** The number of a call; empty where the architecture does not have it. */
  public OptionalInt number(String name) {
    Integer number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The name of a call; empty when the number is not known. */
  public Optional<String> name(int number) {
    return Optional.ofNullable(names.get(number));
  }
}

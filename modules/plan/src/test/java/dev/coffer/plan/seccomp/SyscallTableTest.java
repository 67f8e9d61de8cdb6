package dev.coffer.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coffer.spec.runtime.SeccompArch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyscallTableTest {
  private static final Pattern DEFINITION =
      Pattern.compile("#define __NR_(\\w+) \\(?(__X32_SYSCALL_BIT \\+ )?(\\d+)\\)?");

  private final SyscallTables tables = new SyscallTables();

  @ParameterizedTest
  @EnumSource
  void everyArchitectureHasATable(SeccompArch arch) {
    SyscallTable table = tables.of(arch);
    int read = table.number("read").orElseThrow();
    assertThat(table.name(read)).contains("read");
    assertThat(table.number("seccomp")).isPresent();
    assertThat(table.number("no_such_call")).isEmpty();
    assertThat(tables.of(arch)).isSameAs(table);
  }

  @Test
  void numbersAreWhatAFilterSees() {
    assertThat(tables.of(SeccompArch.X32).number("ioctl")).hasValue(0x4000_0000 | 514);
    assertThat(tables.of(SeccompArch.MIPS).number("read")).hasValue(4003);
    assertThat(tables.of(SeccompArch.MIPSEL64N32).number("read")).hasValue(6000);
    assertThat(tables.of(SeccompArch.ARM).number("set_tls")).hasValue(0xf0005);
    assertThat(tables.of(SeccompArch.AARCH64).number("openat")).hasValue(56);
  }

  @ParameterizedTest
  @CsvSource({"X86_64, unistd_64.h", "X86, unistd_32.h", "X32, unistd_x32.h"})
  void agreesWithTheKernelsHeaders(SeccompArch arch, String header) throws IOException {
    Path path = Path.of("/usr/include/x86_64-linux-gnu/asm", header);
    assumeThat(path).as("linux-libc-dev is installed").isRegularFile();
    Matcher definition = DEFINITION.matcher(Files.readString(path));
    int compared = 0;
    while (definition.find()) {
      int bit = definition.group(2) == null ? 0 : 0x4000_0000;
      assertThat(tables.of(arch).number(definition.group(1)))
          .as(definition.group(1))
          .hasValue(bit | Integer.parseInt(definition.group(3)));
      compared++;
    }
    assertThat(compared).isGreaterThan(300);
  }
}

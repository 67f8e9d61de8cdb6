package dev.coffer.plan.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.DeviceType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeviceFilterTest {
  private static final DeviceRule ALLOW_ALL =
      new DeviceRule(
          true,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of("rwm"),
          JsonObject.EMPTY);

  @Test
  void deniesByDefault() {
    assertThat(HexFormat.of().formatHex(DeviceFilter.compile(DeviceList.of(List.of()))))
        .isEqualTo(
            "6112000000000000"
                + "54020000ffff0000"
                + "6113000000000000"
                + "7403000010000000"
                + "6114040000000000"
                + "6115080000000000"
                + "b700000000000000"
                + "9500000000000000");
  }

  @Test
  void laterRulesOverride() {
    DeviceRule allowNull = DeviceRule.allow(DeviceType.CHARACTER, 1, 3, "rwm");
    DeviceRule denyWrite = deny(DeviceType.CHARACTER, 1, 3, "w");
    DeviceList list = DeviceList.of(List.of(DeviceRule.DENY_ALL, allowNull, denyWrite));
    assertThat(list.exceptions()).extracting(DeviceAccess::line).containsExactly("c 1:3 rm");
    assertThat(DeviceList.of(List.of(allowNull, DeviceRule.DENY_ALL)))
        .isEqualTo(new DeviceList(false, List.of()));
    assertThat(DeviceList.of(List.of(allowNull, ALLOW_ALL)))
        .isEqualTo(new DeviceList(true, List.of()));
    DeviceRule write = DeviceRule.allow(DeviceType.CHARACTER, 1, 3, "w");
    assertThat(DeviceList.of(List.of(allowNull, denyWrite, write)).exceptions())
        .containsExactly(new DeviceAccess(DeviceType.CHARACTER, 1, 3, DeviceAccess.ALL));
  }

  @Test
  void allowsOfAllDevicesTheAccessThatIsNamed() {
    DeviceRule read =
        new DeviceRule(
            true,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("r"),
            JsonObject.EMPTY);
    DeviceList list = DeviceList.of(List.of(DeviceRule.DENY_ALL, read));
    assertThat(run(list, DeviceType.BLOCK, 8, 1, DeviceAccess.READ)).isTrue();
    assertThat(run(list, DeviceType.BLOCK, 8, 1, DeviceAccess.WRITE)).isFalse();
    assertThat(run(list, DeviceType.CHARACTER, 10, 237, DeviceAccess.MAKE_NODE)).isFalse();
  }

  @Test
  void deniesAnAccessOfWhichAPartIsDenied() {
    DeviceList list = DeviceList.of(List.of(ALLOW_ALL, deny(DeviceType.BLOCK, 8, -1, "w")));
    assertThat(run(list, DeviceType.BLOCK, 8, 1, DeviceAccess.READ)).isTrue();
    assertThat(run(list, DeviceType.BLOCK, 8, 1, DeviceAccess.READ | DeviceAccess.WRITE)).isFalse();
  }

  @Test
  void refusesHolesInWildcards() {
    List<DeviceRule> rules =
        List.of(
            DeviceRule.allow(DeviceType.CHARACTER, 10, -1, "rw"),
            deny(DeviceType.CHARACTER, 10, 200, "w"));
    assertThatThrownBy(() -> DeviceList.of(rules))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device rule 1: cannot take \"c 10:200 w\" out of \"c 10:* rw\""
                + " (give the wider rule for fewer devices)");
  }

  @Test
  void refusesWhatIsNoRule() {
    assertThatThrownBy(() -> DeviceList.of(List.of(DeviceRule.allow(DeviceType.FIFO, 0, 0, "rwm"))))
        .hasMessage("device rule 0: type must be a, b or c, is \"p\"");
    assertThatThrownBy(() -> DeviceList.of(List.of(DeviceRule.allow(DeviceType.BLOCK, 1, 1, "rx"))))
        .hasMessage("device rule 0: access must be some of r, w and m, is \"rx\"");
    assertThatThrownBy(
            () -> DeviceList.of(List.of(DeviceRule.allow(DeviceType.BLOCK, 1L << 32, 1, "r"))))
        .hasMessage(
            "device rule 0: major must be from 0 to 4294967295, or -1 for any, is 4294967296");
  }

  @Test
  void filterAgreesWithTheRulesForRandomLists() {
    Random random = new Random(1);
    for (int round = 0; round < 3000; round++) {
      List<DeviceRule> rules = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        rules.add(randomRule(random));
      }
      DeviceList list;
      try {
        list = DeviceList.of(rules);
      } catch (IllegalArgumentException hole) {
        continue;
      }
      for (int query = 0; query < 40; query++) {
        DeviceType type = random.nextBoolean() ? DeviceType.BLOCK : DeviceType.CHARACTER;
        int major = random.nextInt(4);
        int minor = random.nextInt(4);
        int access = 1 + random.nextInt(7);
        boolean expected = naive(rules, type, major, minor, access);
        assertThat(list.allows(type, major, minor, access)).isEqualTo(expected);
        assertThat(run(list, type, major, minor, access)).as("%s", rules).isEqualTo(expected);
      }
    }
  }

  @Test
  void comparesLargeNumbersUnsigned() {
    DeviceList list =
        DeviceList.of(List.of(DeviceRule.allow(DeviceType.BLOCK, 0xffff_fff0L, 1, "r")));
    assertThat(run(list, DeviceType.BLOCK, 0xffff_fff0, 1, DeviceAccess.READ)).isTrue();
  }

  /**
   * The exceptions there are when all rules have been applied, kept as a flat history: a rule for
   * all devices forgets what came before; a rule against the default adds to the exception for the
   * same devices, one with it takes away.
   */
  private static boolean naive(
      List<DeviceRule> rules, DeviceType type, long major, long minor, int access) {
    boolean allow = false;
    int start = 0;
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).type().isEmpty()) {
        allow = rules.get(i).allow();
        start = i + 1;
      }
    }
    for (long m : new long[] {-1, major}) {
      for (long n : new long[] {-1, minor}) {
        int bits = 0;
        for (DeviceRule rule : rules.subList(start, rules.size())) {
          boolean same =
              rule.type().get() == type
                  && rule.major().orElse(-1L) == m
                  && rule.minor().orElse(-1L) == n;
          if (same) {
            int mentioned = DeviceAccess.parse(rule.access().get());
            bits = rule.allow() == allow ? bits & ~mentioned : bits | mentioned;
          }
        }
        boolean applies = allow ? (bits & access) != 0 : (access & ~bits) == 0;
        if (applies) {
          return !allow;
        }
      }
    }
    return allow;
  }

  private static DeviceRule randomRule(Random random) {
    if (random.nextInt(6) == 0) {
      return random.nextBoolean() ? ALLOW_ALL : DeviceRule.DENY_ALL;
    }
    StringBuilder access = new StringBuilder();
    for (char letter : new char[] {'r', 'w', 'm'}) {
      if (random.nextBoolean()) {
        access.append(letter);
      }
    }
    DeviceType type = random.nextBoolean() ? DeviceType.BLOCK : DeviceType.CHARACTER;
    DeviceRule rule =
        DeviceRule.allow(type, random.nextInt(-1, 4), random.nextInt(-1, 4), access.toString());
    return random.nextBoolean()
        ? rule
        : deny(type, rule.major().orElse(-1L), rule.minor().orElse(-1L), access.toString());
  }

  private static DeviceRule deny(DeviceType type, long major, long minor, String access) {
    DeviceRule allow = DeviceRule.allow(type, major, minor, access);
    return new DeviceRule(
        false, allow.type(), allow.major(), allow.minor(), allow.access(), JsonObject.EMPTY);
  }

  /** Runs the eBPF program. */
  private static boolean run(DeviceList list, DeviceType type, int major, int minor, int access) {
    ByteBuffer program = ByteBuffer.wrap(DeviceFilter.compile(list)).order(ByteOrder.LITTLE_ENDIAN);
    int[] context = {access << 16 | (type == DeviceType.BLOCK ? 1 : 2), major, minor};
    long[] registers = new long[6];
    for (int pc = 0; ; pc++) {
      int code = program.get(pc * 8) & 0xff;
      int target = program.get(pc * 8 + 1) & 0xf;
      int source = program.get(pc * 8 + 1) >> 4;
      int offset = program.getShort(pc * 8 + 2);
      int constant = program.getInt(pc * 8 + 4);
      int word = (int) registers[target];
      switch (code) {
        case 0x61 -> {
          assertThat(source).as("only the context is read").isEqualTo(1);
          registers[target] = context[offset / 4] & 0xffff_ffffL;
        }
        case 0x54 -> registers[target] = (word & constant) & 0xffff_ffffL;
        case 0x74 -> registers[target] = (word >>> constant) & 0xffff_ffffL;
        case 0xbc -> registers[target] = registers[source] & 0xffff_ffffL;
        case 0xb7 -> registers[target] = constant;
        case 0x16 -> pc += word == constant ? offset : 0;
        case 0x56 -> pc += word != constant ? offset : 0;
        case 0x95 -> {
          return registers[0] == 1;
        }
        default -> throw new AssertionError("unknown code " + code);
      }
    }
  }
}

package dev.coffer.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.bpf.ClassicInterpreter;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompArgument;
import dev.coffer.spec.runtime.SeccompFlag;
import dev.coffer.spec.runtime.SeccompOperator;
import dev.coffer.spec.runtime.SeccompSyscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeccompCompilerTest {
  private static final int ALLOW = 0x7fff_0000;
  private static final int EPERM = 0x0005_0001;
  private static final int ENOSYS = 0x0005_0026;
  private static final int X86_64 = 0xc000_003e;
  private static final int I386 = 0x4000_0003;
  private static final long[] NO_ARGUMENTS = new long[6];

  private final SeccompCompiler compiler = new SeccompCompiler();

  @Test
  void printsASmallFilter() {
    Seccomp seccomp =
        Seccomp.builder(SeccompAction.ERRNO)
            .syscalls(List.of(SeccompSyscall.of(SeccompAction.ALLOW, List.of("read"), List.of())))
            .build();
    assertThat(compiler.compile(seccomp, SeccompArch.AARCH64).program().listing())
        .isEqualTo(
            """
            0: ld [4]
            1: jeq #0xc00000b7, +0, +6
            2: ld [0]
            3: jge #0x3f, +0, +3
            4: jge #0x40, +0, +1
            5: ret #0x50026
            6: ret #0x7fff0000
            7: ret #0x50001
            8: ret #0x0
            """);
  }

  @Test
  void randomProfilesMeanWhatTheySay() {
    int compiled = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      Seccomp seccomp = randomProfile(random);
      SeccompArch nativeArch = random.nextBoolean() ? SeccompArch.X86_64 : SeccompArch.AARCH64;
      SeccompFilter filter = compiler.compile(seccomp, nativeArch);
      compiled += filter.program().instructions().size();
      ClassicInterpreter interpreter = new ClassicInterpreter(filter.program());
      NaiveSeccomp naive = new NaiveSeccomp(seccomp, nativeArch, compiler.tables());
      for (int query = 0; query < 300; query++) {
        SeccompArch arch = pick(random, ARCHES);
        int number = randomNumber(random, arch, seccomp);
        long[] arguments = new long[6];
        for (int i = 0; i < 6; i++) {
          arguments[i] = randomValue(random);
        }
        int audit = SyscallAbi.of(arch).auditArch();
        assertThat(interpreter.run(number, audit, arguments).value())
            .as("seed %d, %s %x", seed, arch, number)
            .isEqualTo(naive.evaluate(arch, number, arguments));
      }
    }
    assertThat(compiled).as("the profiles are not trivial").isGreaterThan(40_000);
  }

  @Test
  void newerCallsFailWithEnosysUnlessTheDefaultLetsThemPass() {
    List<SeccompSyscall> calls =
        List.of(SeccompSyscall.of(SeccompAction.LOG, List.of("read", "openat2"), List.of()));
    for (SeccompAction action : SeccompAction.values()) {
      Seccomp seccomp = Seccomp.builder(action).syscalls(calls).build();
      int newer = run(seccomp, 438, X86_64);
      int older = run(seccomp, 436, X86_64);
      boolean passes =
          List.of(SeccompAction.ALLOW, SeccompAction.LOG, SeccompAction.TRACE).contains(action);
      assertThat(newer).as("%s", action).isEqualTo(passes ? older : ENOSYS);
    }
  }

  @Test
  void callsOfX32AreNotThoseOfX8664() {
    List<SeccompSyscall> calls =
        List.of(SeccompSyscall.of(SeccompAction.ALLOW, List.of("read", "ioctl"), List.of()));
    Seccomp without = Seccomp.builder(SeccompAction.ERRNO).syscalls(calls).build();
    assertThat(run(without, 0, X86_64)).isEqualTo(ALLOW);
    assertThat(run(without, 0x4000_0000, X86_64)).isZero();
    assertThat(run(without, -1, X86_64)).isEqualTo(EPERM);
    assertThat(run(without, 3, I386)).isZero();
    Seccomp with =
        without.toBuilder().architectures(List.of(SeccompArch.X32, SeccompArch.X86)).build();
    assertThat(run(with, 0x4000_0000, X86_64)).isEqualTo(ALLOW);
    assertThat(run(with, 0x4000_0000 | 514, X86_64)).isEqualTo(ALLOW);
    assertThat(run(with, 0x4000_0000 | 515, X86_64)).isEqualTo(EPERM);
    assertThat(run(with, 0x4000_0000 | 16, X86_64)).isEqualTo(ENOSYS);
    assertThat(run(with, 514, X86_64)).isEqualTo(ENOSYS);
    assertThat(run(with, 3, I386)).isEqualTo(ALLOW);
  }

  @Test
  void comparesAllSixtyFourBits() {
    long value = 0x1234_5678_9abc_def0L;
    long[] interesting = {
      0,
      -1,
      value,
      value - 1,
      value + 1,
      value + (1L << 32),
      value - (1L << 32),
      value ^ (1L << 63),
      value & 0xffff_ffffL,
      value >>> 32
    };
    for (SeccompOperator op : SeccompOperator.values()) {
      SeccompArgument argument = new SeccompArgument(2, value, value, op, JsonObject.EMPTY);
      Seccomp seccomp =
          Seccomp.builder(SeccompAction.ERRNO)
              .syscalls(
                  List.of(
                      SeccompSyscall.of(SeccompAction.ALLOW, List.of("read"), List.of(argument))))
              .build();
      ClassicInterpreter filter =
          new ClassicInterpreter(compiler.compile(seccomp, SeccompArch.X86_64).program());
      NaiveSeccomp naive = new NaiveSeccomp(seccomp, SeccompArch.X86_64, compiler.tables());
      for (long actual : interesting) {
        long[] arguments = {0, 0, actual, 0, 0, 0};
        assertThat(filter.run(0, X86_64, arguments).value())
            .as("%s %x", op, actual)
            .isEqualTo(naive.evaluate(SeccompArch.X86_64, 0, arguments));
      }
    }
  }

  @Test
  void keepsFilters() {
    Seccomp seccomp = Seccomp.builder(SeccompAction.LOG).build();
    Seccomp equal = Seccomp.builder(SeccompAction.LOG).build();
    SeccompFilter filter = compiler.compile(seccomp, SeccompArch.X86_64);
    assertThat(compiler.compile(equal, SeccompArch.X86_64)).isSameAs(filter);
    assertThat(compiler.compile(seccomp, SeccompArch.AARCH64)).isNotEqualTo(filter);
  }

  @Test
  void doesNotKeepWhatIsLarge() {
    Seccomp large =
        Seccomp.builder(SeccompAction.ALLOW)
            .syscalls(
                List.of(
                    SeccompSyscall.of(
                        SeccompAction.ERRNO, List.of("x".repeat(1 << 16)), List.of())))
            .build();
    SeccompFilter filter = compiler.compile(large, SeccompArch.X86_64);
    assertThat(compiler.compile(large, SeccompArch.X86_64)).isNotSameAs(filter);
  }

  @Test
  void givesFlags() {
    Seccomp notify =
        Seccomp.builder(SeccompAction.ALLOW)
            .flags(List.of(SeccompFlag.TSYNC, SeccompFlag.WAIT_KILLABLE_RECV, SeccompFlag.LOG))
            .syscalls(List.of(SeccompSyscall.of(SeccompAction.NOTIFY, List.of("mkdir"), List.of())))
            .build();
    SeccompFilter filter = compiler.compile(notify, SeccompArch.X86_64);
    assertThat(filter.flags()).isEqualTo(1 | 2 | 8 | 16 | 32);
    assertThat(filter.notifies()).isTrue();
    Seccomp plain = notify.toBuilder().syscalls(List.of()).build();
    assertThat(compiler.compile(plain, SeccompArch.X86_64).flags()).isEqualTo(1 | 2);
  }

  @Test
  void refusesWhatItCannotMean() {
    Seccomp errnoOfAllow = Seccomp.builder(SeccompAction.ALLOW).defaultErrnoRet(1).build();
    assertRefused(errnoOfAllow, "SCMP_ACT_ALLOW takes no errno, has 1");
    assertRefused(
        Seccomp.builder(SeccompAction.ERRNO).defaultErrnoRet(4096).build(),
        "errno of SCMP_ACT_ERRNO must be from 0 to 4095, is 4096");
    assertRefused(
        Seccomp.builder(SeccompAction.ERRNO)
            .syscalls(
                List.of(
                    SeccompSyscall.of(
                        SeccompAction.ALLOW,
                        List.of("read"),
                        List.of(SeccompArgument.of(6, SeccompOperator.EQ, 1)))))
            .build(),
        "argument index must be from 0 to 5, is 6");
    List<SeccompSyscall> many = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      many.add(
          SeccompSyscall.of(
              SeccompAction.ALLOW,
              List.of("read"),
              List.of(SeccompArgument.of(0, SeccompOperator.GT, i))));
    }
    assertRefused(
        Seccomp.builder(SeccompAction.ERRNO).syscalls(many).build(),
        "program has more than 4096 instructions");
  }

  private void assertRefused(Seccomp seccomp, String problem) {
    assertThatThrownBy(() -> compiler.compile(seccomp, SeccompArch.X86_64))
        .isInstanceOf(SpecException.class)
        .hasMessage("cannot compile linux.seccomp: " + problem);
  }

  private int run(Seccomp seccomp, int number, int arch) {
    SeccompFilter filter = compiler.compile(seccomp, SeccompArch.X86_64);
    return new ClassicInterpreter(filter.program()).run(number, arch, NO_ARGUMENTS).value();
  }

  private static final List<SeccompArch> ARCHES =
      List.of(
          SeccompArch.X86_64,
          SeccompArch.X86,
          SeccompArch.X32,
          SeccompArch.AARCH64,
          SeccompArch.ARM);

  private static final List<String> NAMES =
      List.of(
          "read",
          "write",
          "open",
          "close",
          "ioctl",
          "clone",
          "clone3",
          "socket",
          "socketcall",
          "mkdir",
          "openat2",
          "execve",
          "breakpoint",
          "stat64",
          "no_such_call",
          "personality",
          "mseal",
          "pwritev2",
          "rt_sigaction",
          "futex_time64");

  private static Seccomp randomProfile(Random random) {
    List<SeccompSyscall> calls = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      List<String> names = new ArrayList<>();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        names.add(pick(random, NAMES));
      }
      List<SeccompArgument> arguments = new ArrayList<>();
      for (int n = Math.max(0, random.nextInt(-2, 4)); n > 0; n--) {
        arguments.add(
            new SeccompArgument(
                random.nextInt(6),
                randomValue(random),
                randomValue(random),
                pick(random, List.of(SeccompOperator.values())),
                JsonObject.EMPTY));
      }
      SeccompAction action = pick(random, List.of(SeccompAction.values()));
      calls.add(
          new SeccompSyscall(names, action, errno(random, action), arguments, JsonObject.EMPTY));
    }
    List<SeccompArch> arches = ARCHES.stream().filter(_ -> random.nextBoolean()).toList();
    SeccompAction byDefault = pick(random, List.of(SeccompAction.values()));
    Seccomp.Builder builder = Seccomp.builder(byDefault).architectures(arches).syscalls(calls);
    errno(random, byDefault).ifPresent(builder::defaultErrnoRet);
    return builder.build();
  }

  private static Optional<Long> errno(Random random, SeccompAction action) {
    boolean takes = action == SeccompAction.ERRNO || action == SeccompAction.TRACE;
    return takes && random.nextBoolean()
        ? Optional.of((long) random.nextInt(4096))
        : Optional.empty();
  }

  private int randomNumber(Random random, SeccompArch arch, Seccomp seccomp) {
    int bit = arch == SeccompArch.X32 ? 0x4000_0000 : 0;
    if (random.nextInt(4) == 0 || seccomp.syscalls().isEmpty()) {
      return bit | random.nextInt(600);
    }
    String name = pick(random, pick(random, seccomp.syscalls()).names());
    return compiler.tables().of(arch).number(name).orElse(bit | random.nextInt(600));
  }

  private static long randomValue(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> random.nextInt(4);
      case 2 -> (long) random.nextInt(3) << 32 | random.nextInt(3);
      case 3 -> -1L - random.nextInt(2);
      case 4 -> 0xffff_ffffL;
      default -> random.nextLong();
    };
  }

  private static <T> T pick(Random random, List<T> items) {
    return items.get(random.nextInt(items.size()));
  }
}

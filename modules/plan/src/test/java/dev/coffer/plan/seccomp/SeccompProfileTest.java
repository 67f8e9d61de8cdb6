package dev.coffer.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompSyscall;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompProfileTest {
  private static final SeccompContext CONTEXT =
      new SeccompContext(Set.of(Capability.CHOWN), SeccompArch.X86_64, new KernelVersion(5, 15));

  @Test
  void decidesConditions() {
    Seccomp seccomp =
        parse(
                """
                {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
                 "archMap": [
                   {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]},
                   {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
                   {"architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null}],
                 "syscalls": [
                   {"names": ["a"], "action": "SCMP_ACT_ALLOW", "args": null, "comment": "x"},
                   {"name": "b", "action": "SCMP_ACT_ALLOW", "includes": {}, "excludes": {}},
                   {"names": ["c"], "action": "SCMP_ACT_LOG", "includes": {"caps": ["CAP_CHOWN"]}},
                   {"names": ["d"], "action": "SCMP_ACT_LOG",
                    "includes": {"caps": ["CAP_CHOWN", "CAP_SYS_ADMIN"]}},
                   {"names": ["e"], "action": "SCMP_ACT_LOG", "includes": {"arches": ["amd64"]}},
                   {"names": ["f"], "action": "SCMP_ACT_LOG", "includes": {"arches": ["x86"]}},
                   {"names": ["g"], "action": "SCMP_ACT_LOG", "includes": {"minKernel": "5.15"}},
                   {"names": ["h"], "action": "SCMP_ACT_LOG", "includes": {"minKernel": "5.16"}},
                   {"names": ["i"], "action": "SCMP_ACT_LOG", "excludes": {"caps": ["CAP_CHOWN"]}},
                   {"names": ["j"], "action": "SCMP_ACT_LOG", "excludes": {"arches": ["amd64"]}},
                   {"names": ["k"], "action": "SCMP_ACT_LOG", "excludes": {"minKernel": "5.15"}},
                   {"names": ["l"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                    "excludes": {"caps": ["CAP_SYS_ADMIN"], "minKernel": "6.0"}}]}
                """)
            .orElseThrow()
            .resolve(CONTEXT);
    assertThat(seccomp.architectures()).containsExactly(SeccompArch.X86_64, SeccompArch.X86);
    assertThat(seccomp.defaultErrnoRet()).contains(38L);
    assertThat(seccomp.syscalls().stream().flatMap(call -> call.names().stream()))
        .containsExactly("a", "b", "c", "e", "g", "l");
    SeccompSyscall last = seccomp.syscalls().getLast();
    assertThat(last.action()).isEqualTo(SeccompAction.ERRNO);
    assertThat(last.errnoRet()).contains(1L);
  }

  @Test
  void anEmptyProfileTurnsSeccompOff() {
    assertThat(parse("{}")).isEmpty();
    assertThat(parse("{\"syscalls\": []}")).isEmpty();
    assertThat(parse("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"syscalls\":[{\"names\":[\"a\"],\"name\":\"b\",\"action\":\"SCMP_ACT_LOG\"}]}"
            + "|p.json: syscalls[0]: has both name and names (use names)",
        "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86\"],"
            + "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86\"}]}"
            + "|p.json: has both architectures and archMap (use one of them)",
        "{\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_LOG\","
            + "\"includes\":{\"minKernel\":\"x\"}}]}"
            + "|p.json: syscalls[0].includes.minKernel: must be a kernel version such as 4.8,"
            + " is \"x\"",
        "{\"syscalls\":[{\"names\":[\"a\"],\"action\":\"ALLOW\"}]}"
            + "|p.json: syscalls[0].action: must be one of SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS,"
            + " SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ERRNO, SCMP_ACT_TRACE,"
            + " SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_NOTIFY, is \"ALLOW\"",
      })
  void namesThePathOfWhatIsWrong(String profile, String message) {
    assertThatThrownBy(() -> parse(profile)).isInstanceOf(SpecException.class).hasMessage(message);
  }

  private static Optional<SeccompProfile> parse(String text) {
    return SeccompProfile.parse("p.json", text.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.Stage;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.TestSpecs;
import dev.coffer.plan.op.Op;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompFlag;
import dev.coffer.spec.runtime.SeccompSyscall;
import dev.coffer.spec.runtime.Spec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeccompListenerTest {
  private static final ContainerInputs INPUTS =
      ContainerInputs.of("web", StandardStreams.PASSED).toBuilder()
          .inputs(List.of(ContainerInputs.ROOTFS, "start"))
          .startBarrier("start")
          .build();

  private static Seccomp.Builder notify(String call) {
    SeccompSyscall entry =
        new SeccompSyscall(
            List.of(call), SeccompAction.NOTIFY, Optional.empty(), List.of(), JsonObject.EMPTY);
    return Seccomp.builder(SeccompAction.ALLOW).syscalls(List.of(entry));
  }

  private static Plan compile(Seccomp seccomp, boolean noNewPrivileges, HostFacts facts) {
    Spec spec = TestSpecs.standard();
    Linux linux = spec.linux().orElseThrow().toBuilder().seccomp(seccomp).build();
    Spec filtered =
        spec.toBuilder()
            .linux(linux)
            .process(
                spec.process().orElseThrow().toBuilder().noNewPrivileges(noNewPrivileges).build())
            .build();
    return new ContainerCompiler(new SeccompFilters()).compile(filtered, facts, INPUTS);
  }

  private static void assertRefused(Seccomp seccomp, HostFacts facts, String message) {
    assertThatThrownBy(() -> compile(seccomp, true, facts))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining(message);
  }

  private static List<String> descriptions(Stage stage) {
    return stage.operations().stream().map(Op::describe).toList();
  }

  @Test
  void theAgentIsToldBeforeTheContainerIsCreated() {
    Seccomp seccomp = notify("mkdir").listenerPath("/run/agent.sock").build();
    for (boolean noNewPrivileges : List.of(true, false)) {
      Plan plan = compile(seccomp, noNewPrivileges, TestHosts.hybrid());
      assertThat(descriptions(plan.stages().get(0)))
          .containsSubsequence(
              "fetch the seccomp notify descriptor",
              "connect to \"/run/agent.sock\"",
              "send the seccomp notify descriptor",
              "wait for the other process");
      assertThat(descriptions(plan.stages().get(1)))
          .containsSubsequence(
              "load the seccomp filter",
              "close the seccomp notify descriptor",
              "tell the other process",
              "wait for start")
          .containsOnlyOnce("load the seccomp filter");
    }
  }

  @Test
  void whatCannotBeNotifiedIsRefused() {
    HostFacts facts = TestHosts.hybrid();
    assertRefused(
        notify("write").listenerPath("/a").build(),
        facts,
        "linux.seccomp.syscalls: SCMP_ACT_NOTIFY cannot be used for \"write\"");
    assertRefused(
        notify("mkdir").defaultAction(SeccompAction.NOTIFY).listenerPath("/a").build(),
        facts,
        "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY cannot be the default");
    assertRefused(notify("mkdir").build(), facts, "linux.seccomp.listenerPath: missing");
    assertRefused(
        notify("mkdir").listenerPath("/" + "a".repeat(107)).build(),
        facts,
        "linux.seccomp.listenerPath: longer than 107 bytes");
  }

  @Test
  void whatTheKernelLacksIsNamed() {
    Seccomp seccomp =
        notify("mkdir").listenerPath("/a").flags(List.of(SeccompFlag.WAIT_KILLABLE_RECV)).build();
    assertRefused(
        seccomp,
        TestHosts.without(Feature.SECCOMP_WAIT_KILLABLE),
        "not supported: linux.seccomp.flags: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
    assertRefused(
        seccomp,
        TestHosts.without(Feature.SECCOMP_NOTIFY),
        "not supported: linux.seccomp: SCMP_ACT_NOTIFY on this kernel");
  }
}

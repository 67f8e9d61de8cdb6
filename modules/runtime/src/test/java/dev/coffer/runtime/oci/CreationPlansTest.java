package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.plan.Cpusets;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.RootSource;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.WireDecoder;
import dev.coffer.runtime.oci.CreationPlans.Wanted;
import dev.coffer.runtime.protocol.Failed;
import dev.coffer.spec.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CreationPlansTest {
  static final HostFacts HOST =
      new HostFacts(
          Architecture.X86_64,
          "6.12",
          new CgroupLayout(
              Mode.V1, List.of(new Hierarchy(1, "/cgroup/pids", List.of("pids"), "/own"))),
          false,
          40,
          -1,
          -1,
          Map.of(),
          EnumSet.allOf(Feature.class),
          Cpusets.ofHost("0-1", "0"),
          false,
          false);

  private final ContainerCompiler compiler = new ContainerCompiler(new SeccompFilters());
  private final CreationPlans plans = new CreationPlans(compiler);

  @Test
  void whatIsSharedIsThePlanThatWouldBeCompiledForEach() {
    for (String id : List.of("first", "other", "a-longer-one", "x", "xy", "pid", "memory", "own")) {
      assertThat(
              WireDecoder.decode(plans.of(id, each -> wanted(each, "true")).program(id).wireForm()))
          .as(id)
          .isEqualTo(compiled(id, "true").lower());
    }
  }

  @Test
  void oneIsCompiledForAllIdsOfALengthButTheFirst() {
    List<PlanTemplate> made =
        Stream.of("first", "other", "third", "forth")
            .map(id -> plans.of(id, each -> wanted(each, "true")))
            .toList();
    assertThat(made.get(1)).isNotSameAs(made.get(0));
    assertThat(made.get(2)).isSameAs(made.get(1));
    assertThat(made.get(3)).isSameAs(made.get(1));
  }

  @Test
  void theFirstOfAKindPaysForNoOther() {
    List<String> asked = new ArrayList<>();
    PlanTemplate ignored =
        plans.of(
            "first",
            each -> {
              asked.add(each);
              return wanted(each, "true");
            });
    assertThat(asked).containsExactly(PlanTemplate.placeholder("first"), "first");
  }

  @Test
  void anotherProgramHasAnotherPlan() {
    PlanTemplate one = second("true");
    PlanTemplate other = second("false");
    assertThat(one).isNotSameAs(other);
    assertThat(second("true")).isSameAs(one);
  }

  @Test
  void aConfigThatHasThePlaceholderInItIsNotShared() {
    String program = PlanTemplate.placeholder("first");
    assertThat(WireDecoder.decode(second(program).program("first").wireForm()))
        .isEqualTo(compiled("first", program).lower());
  }

  @Test
  void failuresAndStepsNameTheContainer() {
    PlanTemplate template = second("true");
    int operations = compiled("first", "true").operations().size();
    for (int operation = 0; operation < operations; operation++) {
      Failed failed = new Failed(0, 0, operation, 2, 0);
      assertThat(template.program("other").explain().apply(failed))
          .isEqualTo(compiled("other", "true").describe(operation, 2, 0, 0));
    }
    assertThat(template.start("other").toString()).doesNotContain("~");
  }

  /** The plan of the second container of a kind, or a later one. */
  private PlanTemplate second(String program) {
    PlanTemplate ignored = plans.of("other", each -> wanted(each, program));
    return plans.of("first", each -> wanted(each, program));
  }

  private Plan compiled(String id, String program) {
    Wanted wanted = wanted(id, program);
    return compiler.compile(wanted.spec(), wanted.facts(), wanted.inputs());
  }

  private static Wanted wanted(String id, String program) {
    String config =
        """
        {"ociVersion": "1.2.0", "root": {"path": "rootfs"}, "hostname": "first",
         "process": {"cwd": "/", "args": ["%s"], "user": {"uid": 0, "gid": 0}},
         "hooks": {"prestart": [{"path": "/bin/hook"}]},
         "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}, {"type": "uts"}],
                   "resources": {"pids": {"limit": 5}}}}
        """
            .formatted(program);
    Spec spec = Spec.parse(config.getBytes(StandardCharsets.UTF_8));
    return new Wanted(
        spec.toBuilder()
            .linux(spec.linux().orElseThrow().toBuilder().cgroupsPath(id).build())
            .build(),
        HOST,
        ContainerInputs.builder(
                id, new RootSource.Directory("/bundle/rootfs"), StandardStreams.PIPES)
            .bundle("/bundle")
            .build(),
        config.length());
  }
}

package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.runtime.oci.ContainerRecord.StartSteps;
import dev.coffer.runtime.oci.ExecPlans.Wanted;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.NamespaceType;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecPlansTest {
  private static final HostFacts HOST = CreationPlansTest.HOST;

  private final ExecCompiler compiler = new ExecCompiler(new SeccompFilters());
  private final ExecPlans plans = new ExecPlans(compiler);

  @Test
  void whatIsAskedForAgainIsCompiledOnce() {
    assertThat(plans.of(wanted("web", "/base", "true")))
        .isSameAs(plans.of(wanted("web", "/base", "true")));
  }

  @Test
  void anotherCommandContainerOrCgroupHasAPlanOfItsOwn() {
    List<Wanted> all =
        List.of(
            wanted("web", "/base", "true"),
            wanted("web", "/base", "false"),
            wanted("db", "/base", "true"),
            wanted("web", "/elsewhere", "true"));
    for (int round = 0; round < 2; round++) {
      for (Wanted wanted : all) {
        HostFacts facts = HOST.withCgroups(ContainerGroup.layout(wanted.record(), HOST.cgroups()));
        assertThat(plans.of(wanted).wireForm())
            .as(wanted.toString())
            .isEqualTo(compiler.compile(wanted.process(), facts, wanted.inputs()).encode());
      }
    }
  }

  private static Wanted wanted(String id, String base, String program) {
    String json =
        """
        {"cwd": "/", "args": ["%s"], "user": {"uid": 0, "gid": 0}}
        """
            .formatted(program);
    ContainerProcess process =
        ContainerProcess.read(
            JsonCursor.read("process", json.getBytes(StandardCharsets.UTF_8), Limits.CONFIG));
    return new Wanted(process, HOST, record(id, base), inputs(id), 100);
  }

  private static ExecInputs inputs(String id) {
    return new ExecInputs(
        id,
        EnumSet.of(NamespaceType.MOUNT, NamespaceType.PID),
        Optional.of(id),
        Optional.empty(),
        StandardStreams.PIPES,
        List.of(),
        Optional.empty(),
        true);
  }

  private static ContainerRecord record(String id, String base) {
    return new ContainerRecord(
        id,
        "/bundle",
        "/bundle/rootfs",
        "1970-01-01T00:00:00Z",
        "1.2.0",
        new LinkedHashMap<>(),
        id,
        new LinkedHashMap<>(Map.of("/cgroup/pids", base)),
        Optional.empty(),
        Optional.empty(),
        true,
        new StartSteps(1, 10, List.of()),
        42,
        7);
  }
}

package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.TestSpecs;
import dev.coffer.plan.op.BringUpLoopback;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.JoinCgroup;
import dev.coffer.plan.op.MakeCgroup;
import dev.coffer.plan.op.NewNamespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenFilesystem;
import dev.coffer.plan.op.Sync;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CgroupsMeanwhileTest {
  @Test
  void cgroupsOfVersion1AreMadeWhileInitMakesItsNetworkNamespace() {
    Plan plan = compile(TestHosts.hybrid());
    List<Op> monitor = plan.stages().get(0).operations();
    assertThat(places(monitor, CloneStage.class, MakeCgroup.class)).isSorted();
    assertThat(places(monitor, MakeCgroup.class, Sync.class)).isSorted();
    List<Op> init = plan.stages().get(1).operations();
    assertThat(init.get(0)).isInstanceOf(NewNamespace.class);
    assertThat(
            places(init, BringUpLoopback.class, Sync.class, JoinCgroup.class, OpenFilesystem.class))
        .as("nothing but the namespace is before the cgroups")
        .isSorted();
  }

  @Test
  void whoCannotOpenThemIsBornAfterThem() {
    for (Namespace joined :
        List.of(
            Namespace.join(NamespaceType.NETWORK, "/run/network"),
            Namespace.join(NamespaceType.MOUNT, "/run/mount"),
            Namespace.join(NamespaceType.USER, "/run/user"))) {
      List<Op> monitor = compile(with(joined), TestHosts.hybrid()).stages().get(0).operations();
      assertThat(places(monitor, MakeCgroup.class, CloneStage.class))
          .as(joined.type().toString())
          .isSorted();
    }
  }

  @Test
  void inVersion2InitIsBornInItsCgroup() {
    List<Op> monitor = compile(TestHosts.unified()).stages().get(0).operations();
    assertThat(places(monitor, MakeCgroup.class, CloneStage.class)).isSorted();
    assertThat(monitor).noneMatch(Sync.class::isInstance);
  }

  private static Plan compile(HostFacts facts) {
    return compile(TestSpecs.standard(), facts);
  }

  private static Plan compile(Spec spec, HostFacts facts) {
    return new ContainerCompiler(new SeccompFilters())
        .compile(spec, facts, ContainerInputs.of("web", StandardStreams.PASSED));
  }

  private static Spec with(Namespace joined) {
    Spec spec = TestSpecs.standard();
    Linux linux = spec.linux().orElseThrow();
    List<Namespace> namespaces = new ArrayList<>(linux.namespaces());
    namespaces.removeIf(each -> each.type() == joined.type());
    namespaces.add(joined);
    return spec.toBuilder()
        .linux(
            linux.toBuilder()
                .namespaces(namespaces)
                .maskedPaths(List.of())
                .readonlyPaths(List.of())
                .build())
        .build();
  }

  /** Where in the list the first of each kind is; of cgroups that of one controller's. */
  private static List<Integer> places(List<Op> operations, Class<?>... kinds) {
    return Stream.of(kinds)
        .map(
            kind ->
                operations.stream()
                    .filter(kind::isInstance)
                    .filter(op -> !(op instanceof MakeCgroup made) || isMeant(made))
                    .findFirst()
                    .orElseThrow())
        .map(operations::indexOf)
        .toList();
  }

  private static boolean isMeant(MakeCgroup made) {
    return !made.directory().contains("/unified/");
  }
}

package dev.coffer.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.engine.Configs;
import dev.coffer.engine.local.Requests;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.engine.oci.HostDevices;
import dev.coffer.engine.oci.SeccompProfiles;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.Cpusets;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.seccomp.KernelVersion;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.runtime.protocol.Failed;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.spec.runtime.SeccompArch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchPlanTest {

  private static final String FIRST = "1f2e3d4c5b6a";
  private static final String SECOND = "9a8b7c6d5e4f";
  private static final Identity ROOT = new Identity(0, 0, List.of(0L), "/root");
  private static final JoinedNamespaces.Joined NOTHING_JOINED =
      new JoinedNamespaces.Joined(Map.of(), Map.of(), List.of());

  @TempDir Path root;
  private StateStore store;
  private LaunchPlan plans;

  @BeforeEach
  void open() throws IOException {
    store = StateStore.open(root);
    plans = plans();
  }

  @Test
  void anIdInTheFirstOnesPlaceMakesTheSecondOnesPlan() throws IOException {
    for (ContainerRequest request :
        List.of(
            request().build(),
            request().network(ContainerRequests.network("host")).build(),
            request()
                .mounts(List.of(new MountRequest.Tmpfs("/tmp", false, "size=1m")))
                .security(security(false))
                .build())) {
      PlanTemplate first = template(config(FIRST, request));
      assertThat(template(config(SECOND, request))).isSameAs(first);
      byte[] compiled =
          plans()
              .template(config(SECOND, request), ROOT, NOTHING_JOINED)
              .program(Configs.id(SECOND))
              .wireForm();
      assertThat(first.program(Configs.id(SECOND)).wireForm()).isEqualTo(compiled);
      assertThat(first.program(Configs.id(FIRST)).wireForm()).isNotEqualTo(compiled);
    }
  }

  @Test
  void aFailureNamesTheContainerThatFailed() throws IOException {
    PlanTemplate first = template(config(FIRST, request().build()));
    // The birth of its first process is before that of its cgroup.
    String words = first.program(Configs.id(SECOND)).explain().apply(new Failed(0, 0, 1, 13, 0));
    assertThat(words).contains("/coffer/" + Configs.id(SECOND)).doesNotContain(FIRST);
  }

  @Test
  void whatDiffersInMoreIsCompiledForItself() throws IOException {
    PlanTemplate first = template(config(FIRST, request().build()));
    ContainerRequest other = request().network(ContainerRequests.network("host")).build();
    assertThat(template(config(SECOND, other))).isNotSameAs(first);
    assertThat(
            plans.template(
                config(SECOND, request().build()),
                new Identity(7, 7, List.of(7L), "/"),
                NOTHING_JOINED))
        .isNotSameAs(first);
  }

  @Test
  void theHostsDevicesAreLookedAtEachTime() throws IOException {
    ContainerRequest request = request().security(security(true)).build();
    PlanTemplate first = template(config(FIRST, request));
    assertThat(template(config(SECOND, request))).isNotSameAs(first);
  }

  @Test
  void onlyTheLastKindsAreKept() throws IOException {
    PlanTemplate first = template(config(FIRST, request().build()));
    for (int uid = 1; uid <= 16; uid++) {
      plans.template(
          config(FIRST, request().build()), new Identity(uid, uid, List.of(), "/"), NOTHING_JOINED);
    }
    assertThat(template(config(FIRST, request().build()))).isNotSameAs(first);
  }

  private PlanTemplate template(ContainerConfig config) throws IOException {
    return plans.template(config, ROOT, NOTHING_JOINED);
  }

  private static ContainerConfig config(String id, ContainerRequest request) {
    return Configs.config(id, "name-of-" + id, request);
  }

  private static Requests request() {
    return Requests.of(ContainerRequests.of("busybox", List.of("true")));
  }

  private static SecurityRequest security(boolean privileged) {
    return new SecurityRequest(
        privileged, List.of("SYS_ADMIN"), List.of(), List.of(), List.of(), Map.of(), true);
  }

  private LaunchPlan plans() {
    HostDevices devices = path -> List.of(new HostDevices.Node(path, false, 10, 229, 0666, 0, 0));
    LaunchSite site =
        new LaunchSite(
            root.resolve("m"),
            List.of(),
            "/coffer",
            false,
            devices,
            new SeccompProfiles(SeccompArch.X86_64, new KernelVersion(6, 18)));
    return new LaunchPlan(site, store, host(), new ContainerCompiler(new SeccompFilters()));
  }

  private static HostFacts host() {
    List<Hierarchy> hierarchies =
        List.of(
            new Hierarchy(1, "/sys/fs/cgroup/memory", List.of("memory"), "/"),
            new Hierarchy(1, "/sys/fs/cgroup/devices", List.of("devices"), "/"));
    return new HostFacts(
        Architecture.X86_64,
        "6.18.0",
        new CgroupLayout(CgroupLayout.Mode.V1, hierarchies),
        false,
        40,
        0x1ff_ffff_ffffL,
        0x1ff_ffff_ffffL,
        Map.of(),
        EnumSet.allOf(Feature.class),
        Cpusets.ofHost("0-1", "0"),
        false,
        false);
  }
}

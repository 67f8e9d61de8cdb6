package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.TestSpecs;
import dev.coffer.plan.explain.PlanText;
import dev.coffer.plan.op.JoinKeyring;
import dev.coffer.plan.op.LeaveNamespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.SetCapabilities;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.Errno;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.HugepageLimit;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.IntelRdt;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.NetDevice;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Rlimit;
import dev.coffer.spec.runtime.RlimitType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.User;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ContainerCompilerTest {
  private static final ContainerInputs INPUTS = ContainerInputs.of("web", StandardStreams.PASSED);

  private static Plan compile(Spec spec, HostFacts facts, ContainerInputs inputs) {
    return new ContainerCompiler(new SeccompFilters()).compile(spec, facts, inputs);
  }

  private static Plan compile(Spec spec) {
    return compile(spec, TestHosts.hybrid(), INPUTS);
  }

  private static Spec linux(UnaryOperator<Linux.Builder> change) {
    Spec spec = TestSpecs.standard();
    Linux linux = change.apply(spec.linux().orElseThrow().toBuilder()).build();
    return spec.toBuilder().linux(linux).build();
  }

  private static Spec mount(String destination, String type, String... options) {
    Spec spec = TestSpecs.standard();
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    mounts.add(Mount.of(destination, type, "/source", List.of(options)));
    return spec.toBuilder().mounts(mounts).build();
  }

  private static List<String> descriptions(Plan plan) {
    return plan.operations().stream().map(Op::describe).toList();
  }

  @Test
  void deviceRulesThatNoFilterCanFollowAreRefused() {
    Resources resources =
        Resources.read(
            JsonCursor.read(
                "resources",
                """
                {"devices": [
                  {"allow": false, "access": "rwm"},
                  {"allow": true, "type": "c", "access": "m"},
                  {"allow": false, "type": "c", "major": 1, "minor": 8, "access": "rwm"}]}
                """
                    .getBytes(StandardCharsets.UTF_8),
                Limits.CONFIG));
    assertThatThrownBy(
            () -> compile(linux(linux -> linux.resources(resources)), TestHosts.unified(), INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith(
            "linux.resources.devices: device rule 2: cannot take \"c 1:8 rwm\"");
  }

  @Test
  void equalArgumentsGiveEqualPlans() {
    assertThat(compile(TestSpecs.standard())).isEqualTo(compile(TestSpecs.standard()));
  }

  @Test
  void aMountOnTheRootIsTheFirst() {
    Mount proc = TestSpecs.standard().mounts().getFirst();
    Mount root = mount("/", "tmpfs").mounts().getLast();
    Spec.Builder standard = TestSpecs.standard().toBuilder();
    assertThatThrownBy(() -> compile(standard.mounts(List.of(proc, root)).build()))
        .isInstanceOf(PlanException.class)
        .hasMessage("mounts[1]: a mount on \"/\" would hide those before it (let it be the first)");
    assertThat(descriptions(compile(standard.mounts(List.of(root, proc)).build())))
        .contains("take what is mounted on \"/\" for the root");
  }

  @Test
  void aUserWithTooManyKeysIsToldWhatToDo() {
    JoinKeyring join = new JoinKeyring("_ses.web", "own keyring");
    assertThat(join.cause(Errno.EDQUOT)).contains("maxkeys", "--no-new-keyring");
    assertThat(join.cause(Errno.ENOMEM)).isEqualTo(Errno.ENOMEM.text());
  }

  @Test
  void kernelParametersOfTheHostAreLeftAlone() {
    for (String key :
        List.of(
            "vm.swappiness", "kernel.core_pattern", "net.//.vm.swappiness", "net", "user", "")) {
      assertThatThrownBy(() -> compile(linux(linux -> linux.sysctl(Map.of(key, "1")))))
          .isInstanceOf(PlanException.class)
          .hasMessage(
              "linux.sysctl: \"%s\": it is of no namespace, so setting it would change the host"
                  .formatted(key));
    }
    List<Namespace> mountAlone = List.of(Namespace.create(NamespaceType.MOUNT));
    for (String key : List.of("net.ipv4.ip_forward", "net/ipv4/conf/eth0.1/mtu")) {
      Map<String, String> parameters = Map.of(key, "1");
      assertThat(descriptions(compile(linux(linux -> linux.sysctl(parameters)))))
          .contains("set sysctl \"" + key + "\"");
      assertThatThrownBy(
              () -> compile(linux(linux -> linux.sysctl(parameters).namespaces(mountAlone))))
          .hasMessageEndingWith("the container has the host's network namespace");
    }
  }

  @Test
  void theHostsNameIsLeftAlone() {
    Spec spec =
        linux(linux -> linux.namespaces(List.of(Namespace.create(NamespaceType.MOUNT)))).toBuilder()
            .hostname("mine")
            .build();
    assertThatThrownBy(() -> compile(spec))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "hostname: the container has the host's uts namespace, so setting it would change the"
                + " host");
  }

  /** setresuid(2) takes -1 for "leave it": the program would run as root. */
  @Test
  void theIdThatMeansUnchangedIsRefused() {
    for (User user :
        List.of(
            User.of(0xffff_ffffL, 0, List.of()),
            User.of(0, 0xffff_ffffL, List.of()),
            User.of(0, 0, List.of(1L, 0xffff_ffffL)))) {
      Spec spec = TestSpecs.standard();
      ContainerProcess process = spec.process().orElseThrow().toBuilder().user(user).build();
      assertThatThrownBy(() -> compile(spec.toBuilder().process(process).build()))
          .isInstanceOf(PlanException.class)
          .hasMessageContaining("4294967295 is no id");
    }
  }

  @Test
  void descriptorsAreLimitedWhenNoMoreAreNeeded() {
    Spec spec = TestSpecs.standard();
    ContainerProcess process =
        spec.process().orElseThrow().toBuilder()
            .rlimits(List.of(Rlimit.of(RlimitType.NOFILE, 3, 3)))
            .build();
    assertThat(descriptions(compile(spec.toBuilder().process(process).build())))
        .containsSubsequence("arrange 3 descriptors", "set limit \"RLIMIT_NOFILE\"");
  }

  @Test
  void controllersOfVersion2BesideVersion1AreEnabledForWhoIsLimitedByThem() {
    Resources limited =
        Resources.builder()
            .hugepageLimits(List.of(new HugepageLimit("2MB", 0, JsonObject.EMPTY)))
            .build();
    assertThat(descriptions(compile(linux(linux -> linux.resources(limited)))))
        .containsSubsequence(
            "enable hugetlb in cgroup \"/sys/fs/cgroup/unified\"",
            "create cgroup \"/sys/fs/cgroup/unified/coffer\"",
            "enable hugetlb in cgroup \"/sys/fs/cgroup/unified/coffer\"");
    assertThat(descriptions(compile(TestSpecs.standard())))
        .noneMatch(each -> each.startsWith("enable hugetlb"))
        .anyMatch(each -> each.startsWith("create cgroup \"/sys/fs/cgroup/unified/"));
  }

  @Test
  void otherMachinesHaveOtherNumbers() {
    HostFacts x86 = TestHosts.hybrid();
    HostFacts aarch64 =
        new HostFacts(
            Architecture.AARCH64,
            x86.kernelRelease(),
            x86.cgroups(),
            x86.inUserNamespace(),
            x86.lastCapability(),
            x86.permittedCapabilities(),
            x86.boundingCapabilities(),
            x86.hardLimits(),
            x86.features(),
            x86.cpusets(),
            x86.appArmor(),
            x86.seLinux());
    Plan here = compile(TestSpecs.standard(), x86, INPUTS);
    Plan there = compile(TestSpecs.standard(), aarch64, INPUTS);
    assertThat(PlanText.render(there)).isEqualTo(PlanText.render(here));
    assertThat(there.encode()).isNotEqualTo(here.encode());
  }

  @Test
  void capabilitiesThatTheEngineLacksAreLeftOut() {
    long without = ~(1L << 27) & 0x1ff_ffff_ffffL;
    HostFacts all = TestHosts.hybrid();
    HostFacts less =
        new HostFacts(
            all.architecture(),
            all.kernelRelease(),
            all.cgroups(),
            false,
            all.lastCapability(),
            without,
            without,
            all.hardLimits(),
            all.features(),
            all.cpusets(),
            false,
            false);
    Plan plan = compile(TestSpecs.standard(), less, INPUTS);
    SetCapabilities set =
        plan.operations().stream()
            .filter(SetCapabilities.class::isInstance)
            .map(SetCapabilities.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(set.permitted()).isEqualTo(0xa80425fbL & without);
  }

  private static HostFacts inUserNamespace() {
    HostFacts host = TestHosts.unified();
    return new HostFacts(
        host.architecture(),
        host.kernelRelease(),
        host.cgroups(),
        true,
        host.lastCapability(),
        host.permittedCapabilities(),
        host.boundingCapabilities(),
        host.hardLimits(),
        host.features(),
        host.cpusets(),
        false,
        false);
  }

  @Test
  void anEngineInAUserNamespaceBindsTheHostsNodes() {
    assertThat(descriptions(compile(TestSpecs.standard(), inUserNamespace(), INPUTS)))
        .contains("bind device \"/dev/null\"", "mount sysfs on \"/sys\"")
        .doesNotContain("limit devices")
        .noneMatch(each -> each.startsWith("create device"));
  }

  @Test
  void whoeverMayNotReturnStaysWhereNothingElseIsStarted() {
    Spec joined = TestSpecs.read("joined.json");
    Hook hook =
        new Hook("/bin/true", List.of("true"), List.of(), Optional.empty(), JsonObject.EMPTY);
    Spec hooked =
        joined.toBuilder().hooks(Hooks.builder().poststart(List.of(hook)).build()).build();
    assertThat(returns(compile(joined, inUserNamespace(), INPUTS)))
        .isNotEmpty()
        .allMatch(LeaveNamespace::mayStay);
    assertThat(returns(compile(joined, TestHosts.unified(), INPUTS)))
        .isNotEmpty()
        .noneMatch(LeaveNamespace::mayStay);
    assertThat(returns(compile(hooked, inUserNamespace(), INPUTS)))
        .isNotEmpty()
        .noneMatch(LeaveNamespace::mayStay);
  }

  @Test
  void aJoinedPidNamespaceHasItsOwnProcAlsoInAUserNamespace() {
    assertThat(descriptions(compile(TestSpecs.read("joined.json"), inUserNamespace(), INPUTS)))
        .contains("mount proc on \"/proc\"");
  }

  private static List<LeaveNamespace> returns(Plan plan) {
    return plan.operations().stream()
        .filter(LeaveNamespace.class::isInstance)
        .map(LeaveNamespace.class::cast)
        .toList();
  }

  @Test
  void whoMayMakeNoCgroupStaysInTheOwn() {
    List<String> what =
        descriptions(compile(TestSpecs.read("rootless.json"), TestHosts.ordinaryUser(), INPUTS));
    assertThat(what)
        .contains(
            "mount \"/sys\" on \"/sys\"", "write the id maps", "mount cgroup on \"/sys/fs/cgroup\"")
        .noneMatch(each -> each.matches("(create|open|join) cgroup .*"));
  }

  @Test
  void oneCgroupThatMayBeMadeIsMade() {
    HostFacts none = TestHosts.ordinaryUser();
    HostFacts one =
        none.withCgroups(TestHosts.hybrid().cgroups().openOnly(each -> each.has("pids")));
    assertThat(descriptions(compile(TestSpecs.read("rootless.json"), one, INPUTS)))
        .contains("create cgroup \"/sys/fs/cgroup/pids/coffer/web\"")
        .noneMatch(each -> each.startsWith("create cgroup \"/sys/fs/cgroup/memory"));
  }

  @Test
  void aLimitOfACgroupThatMayNotBeMadeIsRefused() {
    Spec spec = TestSpecs.read("limits.json");
    assertThatThrownBy(() -> compile(spec, TestHosts.ordinaryUser(), INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessageMatching(
            "linux.resources.memory.*: this user may make no cgroup below"
                + " \"/sys/fs/cgroup/memory/\" .*");
  }

  @Test
  void whoIsNotRootMapsOneIdAlone() {
    Spec spec = TestSpecs.read("rootless.json");
    Linux ranges =
        spec.linux().orElseThrow().toBuilder()
            .uidMappings(List.of(IdMapping.of(0, 1000, 1), IdMapping.of(1, 100_000, 1000)))
            .build();
    assertThatThrownBy(
            () -> compile(spec.toBuilder().linux(ranges).build(), TestHosts.ordinaryUser(), INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("newuidmap");
  }

  @Test
  void whoIsNotRootOutsideHasNoFurtherGroups() {
    Spec spec = TestSpecs.read("rootless.json");
    ContainerProcess process =
        spec.process().orElseThrow().toBuilder().user(User.of(0, 0, List.of(5L))).build();
    assertThatThrownBy(
            () ->
                compile(
                    spec.toBuilder().process(process).build(), TestHosts.ordinaryUser(), INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("process.user.additionalGids");
  }

  @Test
  void aNamespaceIsJoinedThroughAnInput() {
    Spec spec =
        linux(
            builder ->
                builder.namespaces(
                    List.of(
                        Namespace.create(NamespaceType.MOUNT),
                        Namespace.create(NamespaceType.UTS),
                        Namespace.join(NamespaceType.NETWORK, "/proc/7/ns/net"))));
    ContainerInputs inputs =
        INPUTS.toBuilder()
            .inputs(List.of(ContainerInputs.ROOTFS, "netns"))
            .joined(Map.of(NamespaceType.NETWORK, "netns"))
            .build();
    String text = PlanText.render(compile(spec, TestHosts.unified(), inputs));
    assertThat(text).contains("setns(<netns>, CLONE_NEWNET)").doesNotContain("/proc/7/ns/net");
  }

  @Test
  void aMountOfAnotherContainerIsCopiedWithinItsNamespace() {
    List<Mount> mounts = new ArrayList<>(linux(builder -> builder).mounts());
    mounts.add(Mount.bind("/dev/shm", "/proc/7/root/dev/shm", List.of("bind", "nosuid")));
    ContainerInputs inputs =
        INPUTS.toBuilder()
            .inputs(List.of(ContainerInputs.ROOTFS, "process"))
            .foreign(Map.of("/proc/7/root/dev/shm", new ForeignMount("process", "/dev/shm")))
            .build();
    Spec spec = linux(builder -> builder).toBuilder().mounts(mounts).build();
    String text = PlanText.render(compile(spec, TestHosts.unified(), inputs));
    assertThat(text)
        .containsSubsequence(
            "openat(AT_FDCWD, \"/proc/self/ns/mnt\"",
            "setns(<process>, CLONE_NEWNS)",
            "openat2(",
            "open_tree(",
            "setns(<own-mnt>, CLONE_NEWNS)")
        .doesNotContain("open_tree(AT_FDCWD, \"/proc/7");
  }

  @Test
  void whatIsMaskedNeedsAMountNamespace() {
    Spec spec = linux(builder -> builder.namespaces(List.of(Namespace.create(NamespaceType.UTS))));
    assertThatThrownBy(() -> compile(spec))
        .isInstanceOf(PlanException.class)
        .hasMessage("linux.maskedPaths: needs a mount namespace of the container's own");
  }

  @Test
  void whoMapsIdsNeedsAMountNamespace() {
    List<IdMapping> ids = List.of(new IdMapping(0, 100_000, 1, JsonObject.EMPTY));
    Spec spec =
        linux(
            builder ->
                builder
                    .namespaces(List.of(Namespace.create(NamespaceType.USER)))
                    .uidMappings(ids)
                    .gidMappings(ids));
    assertThatThrownBy(() -> compile(spec))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("linux.namespaces: in a user namespace nothing can be mounted");
  }

  @Test
  void aMissingFeatureIsRefused() {
    HostFacts all = TestHosts.unified();
    HostFacts none =
        new HostFacts(
            all.architecture(),
            all.kernelRelease(),
            all.cgroups(),
            false,
            all.lastCapability(),
            all.permittedCapabilities(),
            all.boundingCapabilities(),
            all.hardLimits(),
            Set.of(),
            all.cpusets(),
            false,
            false);
    assertThatThrownBy(() -> compile(TestSpecs.standard(), none, INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessage("not supported: linux.namespaces: this host cannot create a cgroup namespace");
  }

  @Test
  void aLimitWithoutItsControllerIsRefused() {
    Spec spec = TestSpecs.read("limits.json");
    assertThatThrownBy(() -> compile(spec, TestHosts.unified(), INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("linux.resources.memory");
  }

  @Test
  void aCgroupPathThatLeadsUpwardsIsRefused() {
    Spec spec = linux(builder -> builder.cgroupsPath("/coffer/../../web"));
    assertThatThrownBy(() -> compile(spec))
        .isInstanceOf(PlanException.class)
        .hasMessage("linux.cgroupsPath: \"/coffer/../../web\" leads upwards");
  }

  @Test
  void longListsOfLayersAreGivenOneByOne() {
    String layers = "/layer".repeat(30) + ":" + "/other".repeat(30);
    String text = PlanText.render(compile(mount("/x", "overlay", "lowerdir=" + layers)));
    assertThat(text).containsPattern("\"lowerdir\\+\", \"/layer").doesNotContain("lowerdir\"");
  }

  @Test
  void aSharedMountIsTakenByTheMonitor() {
    Plan plan = compile(mount("/x", "bind", "rbind", "rshared"));
    assertThat(plan.stages().getFirst().operations().stream().map(Op::describe))
        .contains("mount \"/source\" on \"/x\"");
  }

  @Test
  void aDevThatIsBoundIsLeftAlone() {
    Spec standard = TestSpecs.standard();
    List<Mount> mounts = new ArrayList<>(standard.mounts());
    mounts.removeIf(mount -> mount.destination().startsWith("/dev"));
    mounts.add(Mount.of("/dev", "bind", "/dev", List.of("rbind")));
    Plan plan = compile(standard.toBuilder().mounts(mounts).build());
    assertThat(descriptions(plan)).noneMatch(each -> each.startsWith("create device"));
  }

  @Test
  void aDevWithoutAMountIsFilledWithCare() {
    Spec standard = TestSpecs.standard();
    List<Mount> mounts = new ArrayList<>(standard.mounts());
    mounts.removeIf(mount -> mount.destination().startsWith("/dev"));
    String text = PlanText.render(compile(standard.toBuilder().mounts(mounts).build()));
    assertThat(text).contains("open directory \"/dev\"", "EEXIST is fine", "expect(");
  }

  @Test
  void aProcThatIsCoveredIsMaskedWhereItIsSeen() {
    String text = PlanText.render(compile(mount("/proc", "bind", "rbind")));
    assertThat(text)
        .contains("openat2(<rootfs>, \"/proc/kcore\"")
        .doesNotContain("openat2(<proc>, \"kcore\"");
    assertThat(PlanText.render(compile(TestSpecs.standard())))
        .contains("openat2(<proc>, \"kcore\"");
  }

  @Test
  void onlyATmpfsIsFilledFromTheImage() {
    assertThatThrownBy(() -> compile(mount("/x", "ramfs", "tmpcopyup")))
        .isInstanceOf(PlanException.class)
        .hasMessage("mounts[8]: tmpcopyup is for tmpfs");
  }

  @Test
  void networkDevicesHaveToBeThere() {
    Map<String, NetDevice> wanted =
        Map.of("eth9", new NetDevice(Optional.empty(), JsonObject.EMPTY));
    assertThatThrownBy(() -> compile(linux(linux -> linux.netDevices(wanted))))
        .isInstanceOf(PlanException.class)
        .hasMessage("linux.netDevices: the host has no device \"eth9\"");
    assertThatThrownBy(
            () ->
                compile(
                    linux(
                        linux ->
                            linux
                                .netDevices(wanted)
                                .namespaces(List.of(Namespace.create(NamespaceType.MOUNT))))))
        .hasMessage("linux.netDevices: needs a network namespace");
  }

  @Test
  void resourceClassesNeedTheirFileSystem() {
    IntelRdt rdt =
        new IntelRdt(
            Optional.empty(),
            List.of(),
            Optional.of("L3:0=f\nMB:0=10"),
            Optional.of("MB:0=20"),
            true,
            JsonObject.EMPTY);
    Spec spec = linux(linux -> linux.intelRdt(rdt));
    assertThatThrownBy(() -> compile(spec, TestHosts.without(Feature.RESCTRL), INPUTS))
        .isInstanceOf(PlanException.class)
        .hasMessage("not supported: linux.intelRdt: this host mounts no resctrl file system");
    assertThat(descriptions(compile(spec)))
        .containsSubsequence(
            "create resource class \"/sys/fs/resctrl/web\"",
            "write \"L3:0=f\\nMB:0=20\" to \"/sys/fs/resctrl/web/schemata\"",
            "create resource class \"/sys/fs/resctrl/web/mon_groups/web\"",
            "open cgroup \"/sys/fs/resctrl/web\"",
            "join cgroup \"/sys/fs/resctrl/web\"",
            "join cgroup \"/sys/fs/resctrl/web/mon_groups/web\"");
  }
}

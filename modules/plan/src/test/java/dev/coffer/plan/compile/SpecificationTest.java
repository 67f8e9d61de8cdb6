package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.TestHosts;
import dev.coffer.plan.TestSpecs;
import dev.coffer.plan.explain.PlanText;
import dev.coffer.plan.op.Op;
import dev.coffer.spec.runtime.Device;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.DeviceType;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Rules of the specification about single fields. */
class SpecificationTest {
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
  void aCgroupThatTheContainerMayWriteToIsItsUsers() {
    String given = "give cgroup \"/sys/fs/cgroup/coffer/web\" to user 100000";
    List<IdMapping> map = List.of(IdMapping.of(0, 100000, 65536));
    Spec standard = TestSpecs.standard();
    List<Namespace> namespaces = new ArrayList<>(standard.linux().orElseThrow().namespaces());
    namespaces.add(Namespace.create(NamespaceType.USER));
    Spec spec =
        linux(
            linux ->
                linux
                    .namespaces(namespaces)
                    .uidMappings(map)
                    .gidMappings(map)
                    .cgroupsPath("/coffer/web"));
    assertThat(monitor(compile(withCgroupMount(spec), TestHosts.unified(), INPUTS)))
        .contains(given);
    assertThat(monitor(compile(withCgroupMount(spec, "ro"), TestHosts.unified(), INPUTS)))
        .doesNotContain(given);
    assertThat(monitor(compile(withCgroupMount(spec)))).doesNotContain(given);
  }

  @Test
  void theLabelOfMountsIsAnOptionOfTheirs() {
    Spec spec = linux(linux -> linux.mountLabel("system_u:object_r:file_t:s0:c1,c2"));
    assertThatThrownBy(() -> compile(spec))
        .hasMessageStartingWith("not supported: linux.mountLabel");
    assertThat(PlanText.render(compile(spec, TestHosts.seLinux(), INPUTS)))
        .contains("\"context\", \"system_u:object_r:file_t:s0:c1,c2\"");
  }

  @Test
  void inAUserNamespaceDevicesAreThoseOfTheHost() {
    List<IdMapping> map = List.of(IdMapping.of(0, 100000, 65536));
    Device disk = Device.of(DeviceType.BLOCK, "/opt/disk", 8, 1, 0600);
    Device fifo = Device.of(DeviceType.FIFO, "/dev/fifo", 0, 0, 0600);
    List<Namespace> namespaces =
        new ArrayList<>(TestSpecs.standard().linux().orElseThrow().namespaces());
    namespaces.add(Namespace.create(NamespaceType.USER));
    Plan plan =
        compile(
            linux(
                linux ->
                    linux
                        .namespaces(namespaces)
                        .uidMappings(map)
                        .gidMappings(map)
                        .devices(List.of(disk, fifo))));
    assertThat(descriptions(plan))
        .contains(
            "bind device \"/opt/disk\"",
            "create device \"/dev/fifo\"",
            "bind device \"/dev/null\"");
  }

  @Test
  void whatIsMountedFromADeviceNeedNotBeOnTheList() {
    Resources listed = Resources.builder().devices(List.of(DeviceRule.DENY_ALL)).build();
    Spec spec = mount("/data", "ext4");
    Spec limited =
        spec.toBuilder()
            .linux(spec.linux().orElseThrow().toBuilder().resources(listed).build())
            .build();
    assertThat(monitor(compile(limited, TestHosts.unified(), INPUTS)))
        .containsSubsequence("start process \"coffer:init\"", "limit devices");
    assertThat(monitor(compile(linux(l -> l.resources(listed)), TestHosts.unified(), INPUTS)))
        .containsSubsequence("limit devices", "start process \"coffer:init\"");
  }

  /** The attribute of a mount keeps the kernel from nothing that it writes to the device itself. */
  @Test
  void aReadOnlyMountOfADeviceWritesNothingToIt() {
    String flag = "FSCONFIG_SET_FLAG, \"ro\"";
    assertThat(PlanText.render(compile(mount("/data", "ext4", "ro")))).contains(flag);
    assertThat(PlanText.render(compile(mount("/data", "ext4", "ro", "rw")))).doesNotContain(flag);
    Spec spec = TestSpecs.standard();
    assertThat(PlanText.render(compile(withCgroupMount(spec, "ro")))).doesNotContain(flag);
  }

  @Test
  void eachLineOfAFileOfVersion2IsAWrite() {
    Map<String, String> unified = Map.of("io.max", "259:0 rbps=5\n253:0 wbps=6\n");
    Resources limits = Resources.builder().unified(unified).build();
    assertThat(monitor(compile(linux(l -> l.resources(limits)), TestHosts.unified(), INPUTS)))
        .containsSubsequence(
            "write \"259:0 rbps=5\" to \"/sys/fs/cgroup/coffer/web/io.max\"",
            "write \"253:0 wbps=6\" to \"/sys/fs/cgroup/coffer/web/io.max\"");
  }

  @Test
  void cgroupsCanBeReadOnlyInTheRecursiveWords() {
    Spec spec = TestSpecs.standard();
    List<Namespace> namespaces = new ArrayList<>(spec.linux().orElseThrow().namespaces());
    namespaces.removeIf(each -> each.type() == NamespaceType.CGROUP);
    namespaces.add(Namespace.create(NamespaceType.CGROUP));
    Spec own = linux(linux -> linux.namespaces(namespaces));
    Plan plan = compile(withCgroupMount(own, "rro"), TestHosts.unified(), INPUTS);
    assertThat(PlanText.render(plan))
        .containsPattern("mount cgroup on \"/sys/fs/cgroup\"[^#]*AT_RECURSIVE[^#]*RDONLY");
  }

  @Test
  void aUsersLimitsNeedAUserNamespace() {
    Map<String, String> parameters = Map.of("user.max_pid_namespaces", "3");
    assertThatThrownBy(() -> compile(linux(linux -> linux.sysctl(parameters))))
        .hasMessageEndingWith("the container has the host's user namespace");
    List<Namespace> own =
        List.of(
            Namespace.create(NamespaceType.MOUNT),
            Namespace.create(NamespaceType.UTS),
            Namespace.create(NamespaceType.USER));
    List<IdMapping> map = List.of(IdMapping.of(0, 100000, 65536));
    Spec spec =
        linux(linux -> linux.sysctl(parameters).namespaces(own).uidMappings(map).gidMappings(map));
    assertThat(descriptions(compile(spec))).contains("set sysctl \"user.max_pid_namespaces\"");
  }

  @Test
  void aParameterMayNotContradictTheDomainname() {
    Spec spec = linux(linux -> linux.sysctl(Map.of("kernel.domainname", "a")));
    assertThat(descriptions(compile(spec))).contains("set sysctl \"kernel.domainname\"");
    assertThat(descriptions(compile(spec.toBuilder().domainname("a").build())))
        .contains("set sysctl \"kernel.domainname\"");
    assertThatThrownBy(() -> compile(spec.toBuilder().domainname("b").build()))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "linux.sysctl: \"kernel.domainname\": it differs from the field domainname (use that"
                + " alone)");
  }

  @Test
  void whatIsMountedAlreadyIsRemounted() {
    Plan plan = compile(mount("/data", "tmpfs", "remount", "ro", "size=1m", "rprivate"));
    assertThat(descriptions(plan))
        .contains("remount \"/data\"")
        .doesNotContain("mount tmpfs on \"/data\"");
    assertThat(PlanText.render(plan)).contains("FSCONFIG_CMD_RECONFIGURE");
    assertThatThrownBy(() -> compile(mount("/data", "tmpfs", "remount", "tmpcopyup")))
        .hasMessage(
            "not supported: remount \"/data\": idmap or tmpcopyup on what is mounted already");
  }

  private static Spec withCgroupMount(Spec spec, String... options) {
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    mounts.removeIf(mount -> mount.destination().equals("/sys/fs/cgroup"));
    mounts.add(Mount.of("/sys/fs/cgroup", "cgroup", "cgroup", List.of(options)));
    return spec.toBuilder().mounts(mounts).build();
  }

  private static List<String> monitor(Plan plan) {
    return plan.stages().getFirst().operations().stream().map(Op::describe).toList();
  }
}

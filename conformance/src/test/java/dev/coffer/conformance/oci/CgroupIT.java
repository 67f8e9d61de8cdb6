package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Resources, as the files of the container's control groups (version 1) show them on the host. */
class CgroupIT extends OciSuite {

  private static final long MIB = 1 << 20;
  private static final String UNLIMITED = "9223372036854771712";

  /** A file of a control group and what it has to say. */
  private record Expected(String controller, String file, String content) {}

  private static Map<String, Object> device(int major, int minor, long rate) {
    return Map.of("major", major, "minor", minor, "rate", rate);
  }

  /** The disk of the root file system: the kernel takes a throttle only for a device it has. */
  private static Map<String, Object> disk(long rate) {
    try {
      long device = (Long) Files.getAttribute(Path.of("/"), "unix:dev");
      return device((int) (device >> 8 & 0xfff), (int) (device & 0xff), rate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String throttle(long rate) {
    Map<String, Object> disk = disk(rate);
    return disk.get("major") + ":" + disk.get("minor") + " " + rate;
  }

  private DynamicNode limits(String name, Consumer<Bundle> edit, Expected... expected) {
    return group(
        name,
        () -> {
          Container container = container(edit.andThen(Bundle::stays));
          container.create().ok();
          return container;
        },
        container ->
            Stream.of(expected)
                .map(
                    each ->
                        check(
                            each.file() + " is " + each.content(),
                            () ->
                                assertThat(
                                        Leftovers.read(
                                                container
                                                    .cgroup(each.controller())
                                                    .resolve(each.file()))
                                            .strip())
                                    .isEqualTo(each.content()))));
  }

  @TestFactory
  Stream<DynamicNode> memory() {
    return Stream.of(
        limits(
            "limit, reservation and swap",
            b ->
                b.set("linux.resources.memory.limit", 64 * MIB)
                    .set("linux.resources.memory.reservation", 32 * MIB)
                    .set("linux.resources.memory.swap", 128 * MIB),
            new Expected("memory", "memory.limit_in_bytes", "" + 64 * MIB),
            new Expected("memory", "memory.soft_limit_in_bytes", "" + 32 * MIB),
            new Expected("memory", "memory.memsw.limit_in_bytes", "" + 128 * MIB)),
        limits(
            "a limit alone",
            b -> b.set("linux.resources.memory.limit", 48 * MIB),
            new Expected("memory", "memory.limit_in_bytes", "" + 48 * MIB),
            new Expected("memory", "memory.memsw.limit_in_bytes", UNLIMITED)),
        limits(
            "unlimited",
            b -> b.set("linux.resources.memory.limit", -1).set("linux.resources.memory.swap", -1),
            new Expected("memory", "memory.limit_in_bytes", UNLIMITED),
            new Expected("memory", "memory.memsw.limit_in_bytes", UNLIMITED)),
        facts(
            "no killer",
            b ->
                b.namespace("cgroup")
                    .mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro")
                    .set("linux.resources.memory.limit", 64 * MIB)
                    .set("linux.resources.memory.disableOOMKiller", true),
            Fact.says("head -n 1 /sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 1")),
        limits(
            "swappiness",
            b -> b.set("linux.resources.memory.swappiness", 10),
            new Expected("memory", "memory.swappiness", "10")),
        limits(
            "nothing",
            b -> {},
            new Expected("memory", "memory.limit_in_bytes", UNLIMITED),
            new Expected("memory", "memory.soft_limit_in_bytes", UNLIMITED),
            new Expected("cpu", "cpu.shares", "1024"),
            new Expected("cpu", "cpu.cfs_quota_us", "-1"),
            new Expected("pids", "pids.max", "max"),
            new Expected("blkio", "blkio.throttle.read_bps_device", "")));
  }

  @TestFactory
  Stream<DynamicNode> processor() {
    return Stream.of(
        limits(
            "shares, quota and period",
            b ->
                b.set("linux.resources.cpu.shares", 512)
                    .set("linux.resources.cpu.quota", 25000)
                    .set("linux.resources.cpu.period", 50000),
            new Expected("cpu", "cpu.shares", "512"),
            new Expected("cpu", "cpu.cfs_quota_us", "25000"),
            new Expected("cpu", "cpu.cfs_period_us", "50000")),
        limits(
            "a quota alone",
            b -> b.set("linux.resources.cpu.quota", 30000),
            new Expected("cpu", "cpu.cfs_quota_us", "30000"),
            new Expected("cpu", "cpu.cfs_period_us", "100000")),
        limits(
            "a quota larger than the default period, with its own",
            b ->
                b.set("linux.resources.cpu.quota", 400000)
                    .set("linux.resources.cpu.period", 200000),
            new Expected("cpu", "cpu.cfs_quota_us", "400000"),
            new Expected("cpu", "cpu.cfs_period_us", "200000")),
        limits(
            "the least shares",
            b -> b.set("linux.resources.cpu.shares", 2),
            new Expected("cpu", "cpu.shares", "2")),
        limits(
            "cpus and mems",
            b -> b.set("linux.resources.cpu.cpus", "1").set("linux.resources.cpu.mems", "0"),
            new Expected("cpuset", "cpuset.cpus", "1"),
            new Expected("cpuset", "cpuset.mems", "0")),
        limits(
            "a range of cpus",
            b -> b.set("linux.resources.cpu.cpus", "0,1"),
            new Expected("cpuset", "cpuset.cpus", "0-1")),
        ignored("cpu.burst", 10000, "cpu", "cpu.cfs_burst_us", Deviation.CPU_BURST),
        ignored("cpu.idle", 1, "cpu", "cpu.idle", Deviation.CPU_IDLE),
        ignored(
            "memory.kernelTCP",
            16 * MIB,
            "memory",
            "memory.kmem.tcp.limit_in_bytes",
            Deviation.KERNEL_TCP));
  }

  /** A field that the older runc ignores. */
  private DynamicNode ignored(
      String field, long value, String controller, String file, Deviation deviation) {
    return group(
        field,
        () -> {
          Container container =
              container(
                  b ->
                      b.set("linux.resources.cpu.quota", 50000)
                          .set("linux.resources." + field, value)
                          .stays());
          container.create().ok();
          return container;
        },
        container ->
            Stream.of(
                check(
                    file,
                    deviation,
                    () ->
                        assertThat(
                                Leftovers.read(container.cgroup(controller).resolve(file)).strip())
                            .isEqualTo("" + value))));
  }

  @TestFactory
  Stream<DynamicNode> processesAndDisks() {
    return Stream.of(
        limits(
            "pids",
            b -> b.set("linux.resources.pids.limit", 50),
            new Expected("pids", "pids.max", "50")),
        limits(
            "pids -1",
            b -> b.set("linux.resources.pids.limit", -1),
            new Expected("pids", "pids.max", "max")),
        limits(
            "pids 0 of before 1.3",
            b -> b.set("linux.resources.pids.limit", 0),
            new Expected("pids", "pids.max", "max")),
        check(
            "pids 0",
            Deviation.NO_PIDS,
            () -> {
              // It does without children: systemd, too, has no limit below 1.
              Consumer<Bundle> none =
                  b -> b.set("ociVersion", "1.3.0").set("linux.resources.pids.limit", 0);
              try (Container container =
                  container(none.andThen(b -> b.args("sleep", "1000"))).started()) {
                assertThat(Leftovers.read(container.cgroup("pids").resolve("pids.max")).strip())
                    .isEqualTo("1");
              }
            }),
        limits(
            "throttles",
            b ->
                b.set("linux.resources.blockIO.throttleReadBpsDevice", List.of(disk(1 * MIB)))
                    .set("linux.resources.blockIO.throttleWriteBpsDevice", List.of(disk(2 * MIB)))
                    .set("linux.resources.blockIO.throttleReadIOPSDevice", List.of(disk(300)))
                    .set("linux.resources.blockIO.throttleWriteIOPSDevice", List.of(disk(400))),
            new Expected("blkio", "blkio.throttle.read_bps_device", throttle(1 * MIB)),
            new Expected("blkio", "blkio.throttle.write_bps_device", throttle(2 * MIB)),
            new Expected("blkio", "blkio.throttle.read_iops_device", throttle(300)),
            new Expected("blkio", "blkio.throttle.write_iops_device", throttle(400))));
  }

  /** Limits of version 2 beside version 1, as far as the host has a controller there. */
  @TestFactory
  Stream<DynamicNode> unified() {
    Path controllers = Path.of("/sys/fs/cgroup/unified/cgroup.controllers");
    if (!Leftovers.read(controllers).contains("hugetlb")) {
      return Stream.of();
    }
    String file = "hugetlb.2MB.max";
    String reserved = "hugetlb.2MB.rsvd.max";
    long size = 2 * MIB;
    return Stream.of(
        check(
            "a file has its last line",
            Deviation.UNIFIED,
            () -> unified("unified", Map.of(file, 3 * size + "\n" + size + "\n"), file),
            result -> assertThat(result.line()).isEqualTo("" + size)),
        check(
            "and the last of an update",
            Deviation.UNIFIED,
            () -> updated(2 * size, file, 3 * size + "\\n" + size),
            result -> assertThat(result.line()).isEqualTo("" + size)),
        check(
            "huge pages in use",
            Deviation.UNIFIED,
            () -> unified("hugepageLimits", List.of(pages(size)), file),
            result -> assertThat(result.line()).isEqualTo("" + size)),
        check(
            "huge pages that are reserved",
            Deviation.UNIFIED,
            () -> unified("hugepageLimits", List.of(pages(size)), reserved),
            result -> assertThat(result.line()).isEqualTo("" + size)),
        check(
            "a file that is not there",
            () -> unified("unified", Map.of("nosuch.max", "1"), file).fails("unified")));
  }

  private static Map<String, Object> pages(long limit) {
    return Map.of("pageSize", "2MB", "limit", limit);
  }

  private static Bundle groups(Bundle bundle) {
    return bundle.bind(Path.of("/sys/fs/cgroup/unified"), "/groups", "ro");
  }

  private static String content(String file) {
    return "cat /groups$(sed -n 's/^0:://p' /proc/self/cgroup)/" + file;
  }

  /** A container with a resource, that says what is in a file of its cgroup of version 2. */
  private Result unified(String resource, Object value, String file) {
    return run(b -> groups(b).set("linux.resources." + resource, value).shell(content(file)));
  }

  /** The same for one that is changed; or how it was refused. */
  private Result updated(long before, String file, String value) {
    Consumer<Bundle> limited =
        b -> groups(b).set("linux.resources.hugepageLimits", List.of(pages(before))).stays();
    try (Container container = container(limited)) {
      Result created = container.create();
      if (created.exitCode() != 0) {
        return created;
      }
      container.start().ok();
      String change = "{\"unified\": {\"%s\": \"%s\"}}".formatted(file, value);
      runtime().runWithInput(change, "update", "--resources", "-", container.id()).ok();
      return container.exec("sh", "-c", content(file));
    }
  }

  /** What a limit does to who is limited. */
  @TestFactory
  Stream<DynamicNode> effects() {
    return Stream.of(
        check(
            "who takes more memory than the limit is killed",
            () ->
                assertThat(
                        run(b ->
                                b.set("linux.resources.memory.limit", 16 * MIB)
                                    .set("linux.resources.memory.swap", 16 * MIB)
                                    .shell("tail /dev/zero; echo $?"))
                            .ok()
                            .line())
                    .isEqualTo("137")),
        check(
            "no more processes than the limit",
            () ->
                run(b ->
                        b.set("linux.resources.pids.limit", 8)
                            .shell("for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; echo all"))
                    .fails("fork")),
        facts(
            "cpus",
            b -> b.set("linux.resources.cpu.cpus", "0"),
            Fact.says("nproc", "1"),
            Fact.status("Cpus_allowed_list", "0")),
        facts(
            "mems",
            b -> b.set("linux.resources.cpu.mems", "0"),
            Fact.status("Mems_allowed_list", "0")));
  }

  /** Where the groups are, by the path that the config gives. */
  @TestFactory
  Stream<DynamicNode> paths() {
    return Stream.of("absolute", "relative", "absent")
        .map(
            kind ->
                group(
                    kind,
                    () -> {
                      Bundle bundle = workspace().bundle().stays();
                      Container container = workspace().container(bundle);
                      switch (kind) {
                        case "absolute" ->
                            bundle.set("linux.cgroupsPath", "/" + container.id() + "x");
                        case "relative" -> bundle.set("linux.cgroupsPath", container.id() + "y");
                        default -> {}
                      }
                      container.create().ok();
                      return container;
                    },
                    container ->
                        Stream.of(
                                "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio",
                                "pids")
                            .map(
                                controller ->
                                    check(
                                        controller,
                                        () -> assertPath(kind, container, controller)))));
  }

  /** What is there already may be joined by nobody who would stand still, or not be alone. */
  @TestFactory
  Stream<DynamicNode> inUse() {
    return Stream.of(
        check(
            "a cgroup that is frozen",
            () -> {
              String path = "/" + workspace().directory().getFileName() + "-frozen";
              Path group = Files.createDirectory(Path.of("/sys/fs/cgroup/freezer" + path));
              Path state = Files.writeString(group.resolve("freezer.state"), "FROZEN");
              try {
                run(b -> b.set("linux.cgroupsPath", path)).fails("frozen");
                assertThat(state).hasContent("FROZEN");
              } finally {
                Files.delete(group);
              }
            }),
        check(
            "a cgroup of another container",
            Deviation.CGROUP_IN_USE,
            () -> {
              String path = "/" + workspace().directory().getFileName() + "-shared";
              try (Container other = started(b -> b.set("linux.cgroupsPath", path))) {
                run(b -> b.set("linux.cgroupsPath", path)).fails("not empty");
                assertThat(other.status()).isEqualTo("running");
              }
            }));
  }

  private static void assertPath(String kind, Container container, String controller) {
    Path group = container.cgroup(controller);
    switch (kind) {
      case "absolute" ->
          assertThat(group).isEqualTo(Path.of("/sys/fs/cgroup", controller, container.id() + "x"));
      case "relative" -> assertThat(group.getFileName()).hasToString(container.id() + "y");
      default -> assertThat(group.getFileName().toString()).contains(container.id());
    }
    assertThat(Leftovers.read(group.resolve("cgroup.procs")).lines())
        .contains("" + container.pid());
  }

  /** A new cgroup namespace hides where the groups are. */
  @TestFactory
  Stream<DynamicNode> namespace() {
    return Stream.of(
        facts(
            "a cgroup namespace",
            b -> b.namespace("cgroup"),
            Fact.says(
                "every path is the root", "grep ':pids:' /proc/self/cgroup | cut -d: -f3", "/"),
            Fact.says("of memory too", "grep ':memory:' /proc/self/cgroup | cut -d: -f3", "/")),
        facts(
            "a cgroup mount in it",
            b ->
                b.namespace("cgroup")
                    .mount("/sys/fs/cgroup", "cgroup", "cgroup", "rw")
                    .set("linux.resources.pids.limit", 33),
            Fact.says("cat /sys/fs/cgroup/pids/pids.max", "33"),
            Fact.says(
                "ls -d /sys/fs/cgroup/memory/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes"),
            Fact.refused("ls /sys/fs/cgroup/pids/../../../../../sys/fs/cgroup/pids/release_agent")),
        facts(
            "a cgroup mount without one",
            b ->
                b.mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro")
                    .set("linux.resources.pids.limit", 34),
            Fact.says("cat /sys/fs/cgroup/pids/pids.max", "34"),
            Fact.refused("echo 99 > /sys/fs/cgroup/pids/pids.max"),
            Fact.says("ls /sys/fs/cgroup | grep -c pids", "1")));
  }

  @TestFactory
  Stream<DynamicNode> refusals() {
    return Stream.of(
        check(
            "cpus that the host has not",
            () -> run(b -> b.set("linux.resources.cpu.cpus", "4000")).fails("cpuset.cpus")),
        check(
            "swap below the limit",
            () ->
                run(b ->
                        b.set("linux.resources.memory.limit", 64 * MIB)
                            .set("linux.resources.memory.swap", 32 * MIB))
                    .fails("memory")),
        check(
            "swappiness above 100",
            () -> run(b -> b.set("linux.resources.memory.swappiness", 101)).fails("swappiness")),
        check(
            "a throttle for a device that the host has not",
            () ->
                run(b ->
                        b.set(
                            "linux.resources.blockIO.throttleReadBpsDevice",
                            List.of(device(999, 999, MIB))))
                    .fails("blkio.throttle.read_bps_device")),
        check(
            "a period out of its range",
            () ->
                run(b ->
                        b.set("linux.resources.cpu.quota", 1000)
                            .set("linux.resources.cpu.period", 5))
                    .fails("cpu.cfs_period_us")));
  }
}

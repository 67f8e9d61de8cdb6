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

/** User namespaces with their ranges, and time namespaces with their offsets. */
class UserNamespaceIT extends OciSuite {

  private static Map<String, Object> range(long container, long host, long size) {
    return Bundle.range(container, host, size);
  }

  private static Consumer<Bundle> mapped(Object... ranges) {
    return bundle -> bundle.mapped(ranges);
  }

  private static String map(long... numbers) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < numbers.length; i += 3) {
      lines.append("%10d %10d %10d\n".formatted(numbers[i], numbers[i + 1], numbers[i + 2]));
    }
    return lines.toString().strip();
  }

  @TestFactory
  Stream<DynamicNode> ranges() {
    return Stream.of(
        facts(
            "a limit of its users",
            Deviation.USER_SYSCTLS,
            mapped(range(0, 200000, 65536))
                .andThen(b -> b.set("linux.sysctl", Map.of("user.max_pid_namespaces", "3"))),
            Fact.says("cat /proc/sys/user/max_pid_namespaces", "3")),
        inside(
            "hundreds of mounts from the host",
            mapped(range(0, 200000, 65536))
                .andThen(
                    b -> {
                      for (int i = 0; i < 600; i++) {
                        b.bind(b.rootfs().resolve("etc/group"), "/many/" + i, "ro");
                      }
                    }),
            "grep -c ' /many/' /proc/self/mountinfo",
            "600"),
        facts(
            "one range",
            mapped(range(0, 200000, 65536)),
            Fact.says("cat /proc/self/uid_map", map(0, 200000, 65536)),
            Fact.says("cat /proc/self/gid_map", map(0, 200000, 65536)),
            Fact.says("id -u", "0"),
            Fact.says("id -g", "0"),
            Fact.says("stat -c %u:%g /dev/null", "65534:65534"),
            Fact.allowed("echo x > /dev/null"),
            Fact.says("stat -c %t:%T /dev/zero", "1:5"),
            Fact.says("awk '$2 == \"/proc\" {print $3}' /proc/mounts", "proc"),
            Fact.says("awk '$2 == \"/sys\" {print $3}' /proc/mounts", "sysfs"),
            Fact.says("awk '$2 == \"/dev/mqueue\" {print $3}' /proc/mounts", "mqueue"),
            Fact.says("awk '$2 == \"/dev/pts\" {print $3}' /proc/mounts", "devpts"),
            Fact.says("touch /tmp/new; stat -c %u /tmp/new", "0"),
            Fact.refused("cat /proc/kcore"),
            Fact.says("hostname", "conform")),
        facts(
            "many ranges",
            mapped(
                range(0, 200000, 1),
                range(1, 300000, 10),
                range(1000, 400000, 500),
                range(65534, 500000, 1)),
            Fact.says(
                "cat /proc/self/uid_map",
                map(0, 200000, 1, 1, 300000, 10, 1000, 400000, 500, 65534, 500000, 1)),
            Fact.says(
                "cat /proc/self/gid_map",
                map(0, 200000, 1, 1, 300000, 10, 1000, 400000, 500, 65534, 500000, 1))),
        facts(
            "a user of a second range",
            mapped(range(0, 200000, 1), range(1000, 400000, 500))
                .andThen(
                    b ->
                        b.withoutMount("/dev/pts")
                            .set("process.user.uid", 1001)
                            .set("process.user.gid", 1002)),
            Fact.status("Uid", "1001\t1001\t1001\t1001"),
            Fact.status("Gid", "1002\t1002\t1002\t1002")),
        facts(
            "the host's ids as they are",
            mapped(range(0, 0, 4294967295L)),
            Fact.says("cat /proc/self/uid_map", map(0, 0, 4294967295L)),
            Fact.status("Uid", "0\t0\t0\t0")),
        facts(
            "capabilities in it",
            mapped(range(0, 200000, 65536))
                .andThen(
                    b -> b.capabilities("CAP_SYS_ADMIN", "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID")),
            Fact.status("CapEff", "00000000002000c1"),
            Fact.allowed("chown 5:5 /tmp && test $(stat -c %u:%g /tmp) = 5:5"),
            Fact.refused("mknod /tmp/x c 1 3")),
        group(
            "from the host",
            () -> {
              Container container =
                  container(mapped(range(0, 200000, 65536)).andThen(Bundle::stays));
              container.create().ok();
              container.start().ok();
              return container;
            },
            container -> {
              Path namespace = container.proc().resolve("ns/user");
              return Stream.of(
                  check(
                      "the namespace is new",
                      () ->
                          assertThat(Files.readSymbolicLink(namespace))
                              .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/user")))),
                  check(
                      "the process is nobody's root",
                      () ->
                          assertThat(Leftovers.read(container.proc().resolve("status")))
                              .contains("Uid:\t200000\t200000\t200000\t200000")),
                  check(
                      "exec is in it",
                      () ->
                          assertThat(
                                  container
                                      .exec("/bin/sh", "-c", "readlink /proc/self/ns/user; id -u")
                                      .ok()
                                      .lines())
                              .containsExactly("" + namespace(namespace), "0")),
                  check(
                      "another container joins it, without mappings of its own",
                      Deviation.JOINED_USER_NAMESPACE,
                      () ->
                          run(
                              b -> {
                                mapped(range(0, 200000, 65536)).accept(b);
                                b.namespace("user", namespace);
                                b.remove("linux.uidMappings").remove("linux.gidMappings");
                                b.shell("readlink /proc/self/ns/user");
                              }),
                      result -> assertThat(result.line()).isEqualTo(namespace(namespace))),
                  check(
                      "with its pid namespace, whose own /proc it then has, not the host's",
                      Deviation.JOINED_USER_NAMESPACE,
                      () ->
                          run(
                              b -> {
                                mapped(range(0, 200000, 65536)).accept(b);
                                b.namespace("user", namespace);
                                b.namespace("pid", container.proc().resolve("ns/pid"));
                                b.remove("linux.uidMappings").remove("linux.gidMappings");
                                b.shell("grep NSpid /proc/self/status | wc -w");
                              }),
                      result -> assertThat(result.line()).isEqualTo("2")));
            }));
  }

  /** What belongs to the host's user namespace, or lies where only the host's root may go. */
  @TestFactory
  Stream<DynamicNode> whatIsTheHosts() {
    Consumer<Bundle> mapped = mapped(range(0, 200000, 65536));
    return Stream.of(
        facts(
            "the host's network",
            Deviation.HOSTS_NETWORK,
            mapped.andThen(b -> b.withoutNamespace("network")),
            Fact.says("awk '$2 == \"/sys\" {print $3}' /proc/mounts", "sysfs"),
            Fact.refused("mkdir /sys/new")),
        group(
            "a network and a host name of another's",
            () -> started(b -> {}),
            other ->
                Stream.of(
                    check(
                        "the network",
                        Deviation.HOSTS_NETWORK,
                        () ->
                            run(
                                mapped.andThen(
                                    b ->
                                        b.namespace("network", other.proc().resolve("ns/net"))
                                            .shell("readlink /proc/self/ns/net"))),
                        result ->
                            assertThat(result.line())
                                .isEqualTo(namespace(other.proc().resolve("ns/net")))),
                    check(
                        "exec joins them, too",
                        Deviation.EXEC_JOINS_LATE,
                        () -> {
                          try (Container container =
                              started(
                                  mapped.andThen(
                                      b ->
                                          b.namespace("uts", other.proc().resolve("ns/uts"))
                                              .remove("hostname")))) {
                            assertThat(
                                    container
                                        .exec("sh", "-c", "readlink /proc/self/ns/uts")
                                        .ok()
                                        .line())
                                .isEqualTo(namespace(other.proc().resolve("ns/uts")));
                          }
                        }))),
        check(
            "a source with options of its own, where only the host's root may go",
            Deviation.LOCKED_OPTIONS,
            () -> {
              Bundle bundle = workspace().bundle();
              mapped.accept(bundle);
              Path closed = bundle.directory().resolve("closed");
              bundle
                  .directory("../closed")
                  .bind(closed.resolve("way/open"), "/mnt", "ro")
                  .shell("cat /mnt/file; awk '$5 == \"/mnt\" {print $6}' /proc/self/mountinfo");
              String script =
                  "mount -t tmpfs -o nosuid,nodev,noexec closed "
                      + closed
                      + " && mkdir -p "
                      + closed
                      + "/way/open && echo in > "
                      + closed
                      + "/way/open/file && chmod 700 "
                      + closed
                      + "/way && exec \"$@\"";
              List<String> wrapper =
                  List.of("unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh");
              assertThat(workspace().container(bundle).runUnder(wrapper).ok().lines())
                  .containsExactly("in", "ro,nosuid,nodev,noexec,relatime");
            }));
  }

  private static String namespace(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicNode> refusals() {
    return Stream.of(
        check(
            "mappings without a namespace",
            Deviation.MAPPINGS_ALONE,
            () ->
                run(b ->
                        b.set("linux.uidMappings", List.of(range(0, 200000, 1)))
                            .set("linux.gidMappings", List.of(range(0, 200000, 1))))
                    .fails("user namespace")),
        check("a namespace without mappings", () -> run(b -> b.namespace("user")).fails("map")),
        check("a root that is not mapped", () -> run(mapped(range(1, 200000, 10))).fails()),
        check(
            "a user that is not mapped",
            () ->
                run(mapped(range(0, 200000, 10)).andThen(b -> b.set("process.user.uid", 11)))
                    .fails()),
        check(
            "two ranges that meet",
            () -> run(mapped(range(0, 200000, 10), range(5, 300000, 10))).fails()));
  }

  @TestFactory
  Stream<DynamicNode> time() {
    return Stream.of(
        facts(
            "a time namespace",
            Deviation.TIME_NAMESPACE,
            b ->
                b.namespace("time")
                    .set(
                        "linux.timeOffsets",
                        Map.of(
                            "monotonic",
                            Map.of("secs", 86400, "nanosecs", 0),
                            "boottime",
                            Map.of("secs", 1000000, "nanosecs", 0))),
            Fact.says("awk '{print ($1 > 1000000)}' /proc/uptime", "1"),
            Fact.says("awk '/monotonic/ {print $2}' /proc/self/timens_offsets", "86400"),
            Fact.says("awk '/boottime/ {print $2}' /proc/self/timens_offsets", "1000000"),
            Fact.matches("readlink /proc/self/ns/time", "time:\\[\\d+\\]")),
        check(
            "offsets without a namespace",
            Deviation.TIME_OFFSETS,
            () ->
                run(b -> b.set("linux.timeOffsets", Map.of("monotonic", Map.of("secs", 1))))
                    .fails("time")));
  }
}

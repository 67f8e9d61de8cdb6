package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** {@code update}: each flag, a file, standard input, and what is refused. */
class UpdateIT extends OciSuite {

  private static final long MIB = 1 << 20;
  private static final String UNLIMITED = "9223372036854771712";

  /** A flag with its value, and the file of a control group that has to show it. */
  private record Flag(String flag, String value, String controller, String file, String content) {}

  private static final List<Flag> FLAGS =
      List.of(
          new Flag("--memory", "" + 96 * MIB, "memory", "memory.limit_in_bytes", "" + 96 * MIB),
          new Flag(
              "--memory-swap",
              "" + 192 * MIB,
              "memory",
              "memory.memsw.limit_in_bytes",
              "" + 192 * MIB),
          new Flag(
              "--memory-reservation",
              "" + 32 * MIB,
              "memory",
              "memory.soft_limit_in_bytes",
              "" + 32 * MIB),
          new Flag("--memory-swap", "-1", "memory", "memory.memsw.limit_in_bytes", UNLIMITED),
          new Flag("--memory", "32M", "memory", "memory.limit_in_bytes", "" + 32 * MIB),
          new Flag("--cpu-share", "333", "cpu", "cpu.shares", "333"),
          new Flag("--cpu-quota", "40000", "cpu", "cpu.cfs_quota_us", "40000"),
          new Flag("--cpu-period", "80000", "cpu", "cpu.cfs_period_us", "80000"),
          new Flag("--cpu-quota", "-1", "cpu", "cpu.cfs_quota_us", "-1"),
          new Flag("--cpuset-cpus", "0", "cpuset", "cpuset.cpus", "0"),
          new Flag("--cpuset-mems", "0", "cpuset", "cpuset.mems", "0"),
          new Flag("--pids-limit", "20", "pids", "pids.max", "20"),
          new Flag("--pids-limit", "-1", "pids", "pids.max", "max"));

  private static String content(Container container, String controller, String file) {
    return Leftovers.read(container.cgroup(controller).resolve(file)).strip();
  }

  @TestFactory
  Stream<DynamicNode> flags() {
    return Stream.of(
        group(
            "flags, one after the other",
            () ->
                started(
                    b ->
                        b.set("linux.resources.memory.limit", 128 * MIB)
                            .set("linux.resources.memory.swap", 256 * MIB)
                            .set("linux.resources.pids.limit", 40)),
            container ->
                FLAGS.stream()
                    .map(
                        flag ->
                            check(
                                flag.flag() + " " + flag.value(),
                                () -> {
                                  container.verb("update", flag.flag(), flag.value()).ok();
                                  assertThat(content(container, flag.controller(), flag.file()))
                                      .isEqualTo(flag.content());
                                }))));
  }

  @TestFactory
  Stream<DynamicNode> noFurtherProcesses() {
    return Stream.of(
        group(
            "no further processes",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check(
                        "--pids-limit 0",
                        Deviation.NO_PIDS,
                        () -> {
                          container.verb("update", "--pids-limit", "0").ok();
                          assertThat(content(container, "pids", "pids.max")).isEqualTo("1");
                        }),
                    check(
                        "--pids-limit -1 lets it have some again",
                        () -> {
                          container.verb("update", "--pids-limit", "-1").ok();
                          assertThat(content(container, "pids", "pids.max")).isEqualTo("max");
                        }))));
  }

  @TestFactory
  Stream<DynamicNode> otherLimitsStay() {
    return Stream.of(
        group(
            "other limits stay",
            () -> {
              Container container =
                  started(
                      b ->
                          b.set("linux.resources.memory.limit", 64 * MIB)
                              .set("linux.resources.cpu.shares", 512)
                              .set("linux.resources.cpu.quota", 20000)
                              .set("linux.resources.pids.limit", 40));
              container.verb("update", "--cpu-share", "256").ok();
              return container;
            },
            container ->
                Stream.of(
                    check(
                        "memory",
                        () ->
                            assertThat(content(container, "memory", "memory.limit_in_bytes"))
                                .isEqualTo("" + 64 * MIB)),
                    check(
                        "shares",
                        () -> assertThat(content(container, "cpu", "cpu.shares")).isEqualTo("256")),
                    check(
                        "quota",
                        () ->
                            assertThat(content(container, "cpu", "cpu.cfs_quota_us"))
                                .isEqualTo("20000")),
                    check(
                        "pids",
                        () -> assertThat(content(container, "pids", "pids.max")).isEqualTo("40")),
                    check(
                        "devices: what is denied stays so",
                        () ->
                            assertThat(content(container, "devices", "devices.list"))
                                .doesNotContain("a *:*")),
                    check(
                        "it was never frozen for good",
                        () ->
                            assertThat(content(container, "freezer", "freezer.state"))
                                .isEqualTo("THAWED")),
                    check(
                        "the process is the same",
                        () -> assertThat(container.status()).isEqualTo("running")))));
  }

  private static final String RESOURCES =
      """
      {"memory": {"limit": 50331648, "reservation": 25165824},
       "cpu": {"shares": 700, "quota": 60000, "period": 120000, "cpus": "0", "mems": "0"},
       "pids": {"limit": 25}}
      """;

  @TestFactory
  Stream<DynamicNode> resources() {
    return Stream.of("-", "file")
        .map(
            from ->
                group(
                    "--resources " + from,
                    () -> {
                      Container container =
                          started(b -> b.set("linux.resources.memory.limit", 128 * MIB));
                      if (from.equals("-")) {
                        runtime()
                            .runWithInput(RESOURCES, "update", "--resources", "-", container.id())
                            .ok();
                      } else {
                        Path file = workspace().directory().resolve("resources.json");
                        write(file, RESOURCES);
                        container.verb("update", "--resources", file.toString()).ok();
                      }
                      return container;
                    },
                    container -> {
                      List<DynamicNode> nodes = new ArrayList<>();
                      Map.of(
                              "memory memory.limit_in_bytes", "50331648",
                              "memory memory.soft_limit_in_bytes", "25165824",
                              "cpu cpu.shares", "700",
                              "cpu cpu.cfs_quota_us", "60000",
                              "cpu cpu.cfs_period_us", "120000",
                              "cpuset cpuset.cpus", "0",
                              "cpuset cpuset.mems", "0",
                              "pids pids.max", "25")
                          .forEach(
                              (name, expected) ->
                                  nodes.add(
                                      check(
                                          name,
                                          () ->
                                              assertThat(
                                                      content(
                                                          container,
                                                          name.split(" ")[0],
                                                          name.split(" ")[1]))
                                                  .isEqualTo(expected))));
                      return nodes.stream();
                    }));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicNode> states() {
    return Stream.of(
        check(
            "a created container",
            () -> {
              try (Container container = container(Bundle::stays)) {
                container.create().ok();
                container.verb("update", "--pids-limit", "19").ok();
                assertThat(content(container, "pids", "pids.max")).isEqualTo("19");
              }
            }),
        check(
            "a paused container stays paused",
            () -> {
              try (Container container = started(b -> {})) {
                container.verb("pause").ok();
                container.verb("update", "--pids-limit", "18").ok();
                assertThat(content(container, "pids", "pids.max")).isEqualTo("18");
                assertThat(content(container, "freezer", "freezer.state")).isEqualTo("FROZEN");
              }
            }));
  }

  @TestFactory
  Stream<DynamicNode> refusals() {
    return Stream.of(
        group(
            "refused, and the old limit stays",
            () ->
                started(
                    b ->
                        b.set("linux.resources.memory.limit", 64 * MIB)
                            .set("linux.resources.cpu.cpus", "0-1")),
            container ->
                Stream.of(
                        List.of("--memory", "lots"),
                        List.of("--cpuset-cpus", "4000"),
                        List.of("--cpuset-cpus", "x"),
                        List.of("--pids-limit", "many"),
                        List.of("--no-such-flag", "1"),
                        List.of("--resources", "/no/such/file"),
                        List.of("--memory-swap", "1048576"))
                    .map(
                        flags ->
                            check(
                                flags.toString(),
                                () -> {
                                  container.verb("update", flags.toArray(String[]::new)).fails();
                                  assertThat(content(container, "memory", "memory.limit_in_bytes"))
                                      .isEqualTo("" + 64 * MIB);
                                  assertThat(content(container, "cpuset", "cpuset.cpus"))
                                      .isEqualTo("0-1");
                                }))),
        check(
            "resources that are no JSON",
            () -> {
              try (Container container = started(b -> {})) {
                runtime().runWithInput("{", "update", "--resources", "-", container.id()).fails();
              }
            }));
  }
}

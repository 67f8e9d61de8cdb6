package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.FileData;
import dev.coffer.kernel.Pipe;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.TimeOffset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces made, joined and shared in ways that need more than one call. */
@Timeout(60)
class NamespaceFieldsIT {
  private static final List<IdMapping> MAP = List.of(IdMapping.of(0, 100_000, 65_536));

  @TempDir Path directory;
  private TestContainers containers;

  @BeforeEach
  void open() throws Exception {
    containers = new TestContainers(directory);
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  private static Spec with(Spec spec, Namespace... more) {
    List<Namespace> namespaces = new ArrayList<>(spec.linux().orElseThrow().namespaces());
    namespaces.addAll(List.of(more));
    return TestContainers.linux(spec, linux -> linux.namespaces(namespaces));
  }

  private static Spec remapped(Spec spec, List<IdMapping> map) {
    return TestContainers.linux(
        with(spec, Namespace.create(NamespaceType.USER)),
        linux -> linux.uidMappings(map).gidMappings(map));
  }

  private static Namespace of(MonitorConnection container, NamespaceType type, String file) {
    return Namespace.join(type, "/proc/" + container.pid() + "/ns/" + file);
  }

  private static String inside(MonitorConnection container, String file) throws Exception {
    return Files.readSymbolicLink(Path.of("/proc/" + container.pid() + "/ns/" + file)).toString();
  }

  @Test
  void aNewPidNamespaceInAUserNamespaceThatIsJoined() throws Exception {
    Spec first = remapped(TestContainers.spec("exec sleep 1000"), MAP);
    try (MonitorConnection container = containers.start(first)) {
      Namespace user = of(container, NamespaceType.USER, "user");
      String script = "echo $$; id -u; hostname; readlink /proc/self/ns/user; exit 7";
      Conversation told = containers.run(with(TestContainers.spec(script), user));
      assertThat(told.errors()).isEmpty();
      assertThat(told.output()).isEqualTo("1\n0\nbox\n" + inside(container, "user") + "\n");
      assertThat(told.exitCode()).isEqualTo(7);
      Conversation reaped =
          containers.run(
              with(TestContainers.spec("echo $$; exit 8"), user),
              TestContainers.inputs().toBuilder().init(true).build(),
              List.of());
      assertThat(reaped.output()).isEqualTo("2\n");
      assertThat(reaped.exitCode()).isEqualTo(8);
      try (MonitorConnection second =
          containers.start(with(TestContainers.spec("exec sleep 1001"), user))) {
        assertThat(inside(second, "user")).isEqualTo(inside(container, "user"));
        assertThat(inside(second, "pid")).isNotEqualTo(inside(container, "pid"));
        assertThat(Files.readString(Path.of("/proc/" + second.pid() + "/status")))
            .containsPattern("NSpid:\t" + second.pid() + "\t1\n");
        TestContainers.kill(second);
      }
      TestContainers.kill(container);
    }
  }

  @Test
  void itsHandshakesAreLedThroughTheProcessBetween() throws Exception {
    Path seen = directory.resolve("seen");
    Spec first = remapped(TestContainers.spec("exec sleep 1000"), MAP);
    try (MonitorConnection container = containers.start(first);
        Pipe start = Pipe.open()) {
      Hook hook =
          new Hook(
              "/bin/sh",
              List.of("sh", "-c", "cat >> " + seen + "; echo >> " + seen),
              List.of(),
              Optional.empty(),
              JsonObject.EMPTY);
      Spec spec =
          with(TestContainers.spec("echo started"), of(container, NamespaceType.USER, "user"))
              .toBuilder()
              .hooks(
                  new Hooks(
                      List.of(),
                      List.of(hook),
                      List.of(),
                      List.of(),
                      List.of(hook),
                      List.of(),
                      JsonObject.EMPTY))
              .build();
      ContainerInputs inputs =
          TestContainers.inputs().toBuilder()
              .inputs(List.of(ContainerInputs.ROOTFS, "start"))
              .startBarrier("start")
              .build();
      FileData.writeAll(start.writer(), new byte[] {1});
      CompletableFuture<Conversation> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return containers.run(spec, inputs, List.of(start.reader()));
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(run.get(20, TimeUnit.SECONDS).output()).isEqualTo("started\n");
      // After a separate start nobody waits here: who starts the container runs its poststart
      // hooks.
      assertThat(Files.readAllLines(seen))
          .satisfiesExactly(line -> assertThat(line).contains("\"status\":\"creating\""));
      assertThat(containers.run(spec).output()).isEqualTo("started\n");
      assertThat(Files.readAllLines(seen).subList(1, 3))
          .satisfiesExactly(
              line -> assertThat(line).contains("\"status\":\"creating\""),
              line -> assertThat(line).contains("\"status\":\"running\""));
      TestContainers.kill(container);
    }
  }

  @Test
  void aFailureBehindTheProcessBetweenIsNamed() throws Exception {
    Spec first = remapped(TestContainers.spec("exec sleep 1000"), MAP);
    try (MonitorConnection container = containers.start(first)) {
      Spec spec =
          TestContainers.mounts(
              with(TestContainers.spec("true"), of(container, NamespaceType.USER, "user")),
              Mount.of("/proc", "nosuchfs", "x", List.of()));
      assertThatThrownBy(() -> containers.run(spec))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("the kernel has no file system \"nosuchfs\"");
      TestContainers.kill(container);
    }
  }

  @Test
  void severalRangesOfIds() throws Exception {
    List<IdMapping> map =
        List.of(
            IdMapping.of(0, 100_000, 10),
            IdMapping.of(10, 200_000, 1000),
            IdMapping.of(65_534, 300_000, 1));
    Conversation told =
        containers.run(remapped(TestContainers.spec("cat /proc/self/uid_map; id -u"), map));
    assertThat(told.output().replaceAll(" +", " "))
        .isEqualTo(" 0 100000 10\n 10 200000 1000\n 65534 300000 1\n0\n");
  }

  @Test
  void clocksHaveTheirOffsets() throws Exception {
    Spec spec =
        TestContainers.linux(
            with(
                TestContainers.spec("cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime"),
                Namespace.create(NamespaceType.TIME)),
            linux ->
                linux.timeOffsets(
                    Map.of(
                        "boottime",
                        new TimeOffset(
                            Optional.of(1_000_000L), Optional.of(5L), JsonObject.EMPTY))));
    String[] lines = containers.run(spec).output().split("\n");
    assertThat(lines[1].replaceAll(" +", " ")).isEqualTo("boottime 1000000 5");
    assertThat(Long.parseLong(lines[2])).isGreaterThan(1_000_000L);
  }

  @Test
  void everythingOfAnotherContainerIsShared() throws Exception {
    Spec first =
        remapped(
            with(
                TestContainers.spec("exec sleep 1000"),
                Namespace.create(NamespaceType.CGROUP),
                Namespace.create(NamespaceType.TIME)),
            MAP);
    try (MonitorConnection container = containers.start(first)) {
      List<Namespace> namespaces = new ArrayList<>(List.of(Namespace.create(NamespaceType.MOUNT)));
      namespaces.add(of(container, NamespaceType.PID, "pid"));
      namespaces.add(of(container, NamespaceType.NETWORK, "net"));
      namespaces.add(of(container, NamespaceType.IPC, "ipc"));
      namespaces.add(of(container, NamespaceType.UTS, "uts"));
      namespaces.add(of(container, NamespaceType.CGROUP, "cgroup"));
      namespaces.add(of(container, NamespaceType.TIME, "time"));
      namespaces.add(of(container, NamespaceType.USER, "user"));
      String script =
          "for n in pid net ipc uts cgroup time user; do readlink /proc/self/ns/$n; done";
      Spec second =
          TestContainers.linux(TestContainers.spec(script), linux -> linux.namespaces(namespaces));
      StringBuilder expected = new StringBuilder();
      for (String file : List.of("pid", "net", "ipc", "uts", "cgroup", "time", "user")) {
        expected.append(inside(container, file)).append('\n');
      }
      Conversation told = containers.run(second);
      assertThat(told.errors()).isEmpty();
      assertThat(told.output()).isEqualTo(expected.toString());
      TestContainers.kill(container);
    }
  }
}

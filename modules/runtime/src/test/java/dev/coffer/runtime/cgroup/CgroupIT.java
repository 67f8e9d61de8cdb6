package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Child;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.WaitStatus;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.runtime.host.HostProbe;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real cgroups below /coffer-it, with a shell that forks while it is killed. */
@Timeout(60)
class CgroupIT {
  private static final String PARENT = "/coffer-it-" + ProcessHandle.current().pid();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final WaitStatus KILLED = new WaitStatus(137, 9);

  private CgroupLayout layout;
  private Cgroups cgroups;
  private Cgroup cgroup;
  private Fd none;

  @BeforeEach
  void create() throws Exception {
    layout = HostProbe.probe().cgroups();
    cgroups = new Cgroups(layout);
    cgroup = cgroups.of(PARENT + "/one");
    none = FileOpen.path("/dev/null", OpenFlags.RDWR);
    for (Hierarchy hierarchy : joined()) {
      Files.createDirectories(Path.of(hierarchy.mountPoint() + PARENT + "/one/inner"));
    }
  }

  @AfterEach
  void remove() throws Exception {
    Cgroup parent = cgroups.of(PARENT);
    parent.killAll(PATIENCE);
    parent.remove(PATIENCE);
    assertThat(parent.exists()).isFalse();
    none.close();
  }

  @Test
  void itIsMadeReadyForProcessesAndLeftAsItIs() throws Exception {
    Cgroup made = new Cgroups(layout).of(PARENT + "/new/below");
    made.create();
    made.create();
    for (Hierarchy hierarchy : layout.hierarchies()) {
      assertThat(Path.of(hierarchy.mountPoint() + made.path())).isDirectory();
    }
    Optional<Hierarchy> cpuset = layout.of("cpuset").filter(one -> one.version() == 1);
    if (cpuset.isPresent()) {
      Path own = Path.of(cpuset.get().mountPoint() + made.path()).resolve("cpuset.cpus");
      assertThat(own).content().isNotBlank();
      Files.writeString(own, "0");
      made.create();
      assertThat(own).hasContent("0");
    }
  }

  @Test
  void allProcessesAreKilledEvenWhileTheyFork() throws Exception {
    try (Child child = start("while :; do sleep 1000 & sleep 0.01; done")) {
      WaitFor.condition("it forks", PATIENCE, () -> cgroup.processes().size() > 5);
      CgroupStatistics statistics = cgroup.statistics();
      assertThat(statistics.processes()).isGreaterThan(4);
      assertThat(statistics.memoryBytes()).isPositive();
      cgroup.killAll(PATIENCE);
      assertThat(cgroup.processes()).isEmpty();
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(KILLED);
    }
  }

  @Test
  void threadedCgroupsBelowHideNoProcess() throws Exception {
    for (Hierarchy hierarchy : layout.unified().stream().toList()) {
      Path inner = Path.of(hierarchy.mountPoint() + PARENT + "/one/inner");
      Files.createDirectories(inner);
      Files.writeString(inner.resolve("cgroup.type"), "threaded");
    }
    try (Child child = start("exec sleep 1000")) {
      WaitFor.condition("it has joined", PATIENCE, () -> cgroup.processes().size() == 1);
      cgroup.killAll(PATIENCE);
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(KILLED);
    }
  }

  @Test
  void aFrozenCgroupStandsStillAndCanBeKilled() throws Exception {
    try (Child child = start("exec sleep 1000")) {
      WaitFor.condition("it runs", PATIENCE, () -> !cgroup.processes().isEmpty());
      cgroup.freeze(PATIENCE);
      assertThat(cgroup.isFrozen()).isTrue();
      cgroup.thaw();
      assertThat(cgroup.isFrozen()).isFalse();
      cgroup.freeze(PATIENCE);
      cgroup.killAll(PATIENCE);
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(KILLED);
    }
  }

  @Test
  void whatIsFrozenFurtherDownIsKilled() throws Exception {
    try (Child child = start("exec sleep 1000")) {
      WaitFor.condition("it runs", PATIENCE, () -> !cgroup.processes().isEmpty());
      Cgroup below = cgroups.of(PARENT + "/one/inner");
      for (Hierarchy hierarchy : joined()) {
        Path directory = Path.of(hierarchy.mountPoint() + below.path());
        Files.writeString(directory.resolve("cgroup.procs"), Integer.toString(child.pid()));
      }
      below.freeze(PATIENCE);
      cgroup.killAll(PATIENCE);
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(KILLED);
    }
  }

  @Test
  void aLimitIsWrittenWhereItsControllerIs() throws Exception {
    Optional<Hierarchy> pids = layout.of("pids");
    assertThat(pids).isPresent();
    cgroup.update(pids(77));
    assertThat(cgroup.statistics().processLimit()).hasValue(77);
    cgroup.remove(PATIENCE);
    assertThatThrownBy(() -> cgroup.update(pids(78)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot set pids.limit of cgroup \"%s/one\" to 78: the host does not offer this limit"
                .formatted(PARENT));
  }

  @Test
  void whatBelongsToNobodyIsSweptAway() throws Exception {
    try (Child child = start("exec sleep 1000")) {
      WaitFor.condition("it runs", PATIENCE, () -> !cgroup.processes().isEmpty());
      for (Hierarchy hierarchy : joined()) {
        Files.createDirectories(Path.of(hierarchy.mountPoint() + PARENT + "/kept"));
      }
      assertThat(cgroups.sweep(PARENT, "kept"::equals, PATIENCE)).containsExactly("one");
      assertThat(cgroup.exists()).isFalse();
      assertThat(cgroups.of(PARENT + "/kept").exists()).isTrue();
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(KILLED);
    }
  }

  private static Resources pids(int limit) {
    String json = "{\"pids\": {\"limit\": " + limit + "}}";
    return Resources.read(
        JsonCursor.read("", json.getBytes(StandardCharsets.UTF_8), Limits.CONFIG));
  }

  private List<Hierarchy> joined() {
    return layout.hierarchies().stream()
        .filter(each -> each.version() == 2 || !each.has("cpuset"))
        .toList();
  }

  private Child start(String script) throws Exception {
    StringBuilder join = new StringBuilder();
    for (Hierarchy hierarchy : joined()) {
      join.append("echo $$ > ")
          .append(hierarchy.mountPoint())
          .append(PARENT)
          .append("/one/inner/cgroup.procs; ");
    }
    return Spawner.posix()
        .spawn(
            new SpawnRequest(
                "/bin/sh",
                List.of("sh", "-c", join + script),
                List.of("PATH=/bin:/usr/bin"),
                List.of(none, none, none),
                true));
  }
}

package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Containers of a user who is not root and may make no cgroup, from the bundle that the runtime's
 * own {@code spec --rootless} makes.
 */
class RootlessIT extends OciSuite {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String OWN_MAP = "0 %d 1".formatted(OrdinaryUser.ID);

  private OrdinaryUser user;

  @Override
  void prepare(Workspace workspace) {
    user = new OrdinaryUser(workspace);
  }

  @AfterAll
  void stopEngine() {
    user.stopEngine();
  }

  private Container container(Bundle bundle) {
    return new Container(
        user.runtime(), bundle, workspace().prefix() + "-" + bundle.directory().getFileName());
  }

  private static String words(String line) {
    return line.strip().replaceAll(" +", " ");
  }

  @Test
  void rootOfANamespaceInWhichNobodyElseIs() {
    try (Container container =
        container(
            user.bundle()
                .shell(
                    """
                    echo "id: $(id -u) $(id -g)"
                    echo "users: $(cat /proc/self/uid_map)"
                    echo "groups: $(cat /proc/self/gid_map)"
                    echo "setgroups: $(cat /proc/self/setgroups)"
                    echo "init: $$"
                    for path in / /proc /sys /dev /dev/pts /dev/shm /dev/mqueue; do
                      echo "$path: $(awk -v path=$path '$2 == path {print $3; exit}' /proc/mounts)"
                    done
                    echo x > /dev/null && echo "null: written"
                    echo "masked: $(cat /proc/keys | wc -c)"
                    echo x > /proc/sys/kernel/domainname || echo "sysctl: refused"
                    exit 3
                    """))) {
      Result result = container.run().exits(3);
      assertThat(result.value("id")).isEqualTo("0 0");
      assertThat(words(result.value("users"))).isEqualTo(OWN_MAP);
      assertThat(words(result.value("groups"))).isEqualTo(OWN_MAP);
      assertThat(result.value("setgroups")).isEqualTo("deny");
      assertThat(result.value("init")).isEqualTo("1");
      assertThat(result.value("/proc")).isEqualTo("proc");
      assertThat(result.value("/sys")).isEqualTo("sysfs");
      assertThat(result.value("/dev")).isEqualTo("tmpfs");
      assertThat(result.value("/dev/pts")).isEqualTo("devpts");
      assertThat(result.value("/dev/shm")).isEqualTo("tmpfs");
      assertThat(result.value("/dev/mqueue")).isEqualTo("mqueue");
      assertThat(result.value("null")).isEqualTo("written");
      assertThat(result.value("masked")).isEqualTo("0");
      assertThat(result.value("sysctl")).isEqualTo("refused");
      // Where no cgroup could be made it shares the user's own.
      assertThat(container.leftovers().find()).isEmpty();
    }
  }

  @Test
  void aLifeWithoutACgroup() throws IOException {
    try (Container container = container(user.bundle().stays())) {
      container.started();
      assertThat(container.status()).isEqualTo("running");
      Path namespace = Files.readSymbolicLink(container.proc().resolve("ns/pid"));
      Result exec =
          container.exec("/bin/sh", "-c", "echo $(id -u) $(cat /proc/self/uid_map); exit 7");
      assertThat(words(exec.exits(7).line())).isEqualTo("0 " + OWN_MAP);
      assertThat(container.exec("ls", "/proc/1/root").ok().lines()).contains("bin", "proc");
      container.verb("pause").fails("cgroup");
      container.verb("delete").fails("running");
      assertThat(processesIn(namespace)).isNotEmpty();
      container.kill("TERM").ok();
      container.awaitStatus("stopped");
      container.verb("delete").ok();
      container.verb("state").fails("does not exist");
      assertGone(namespace);
    }
  }

  @Test
  void itsProcessesEndWithIt() throws IOException {
    try (Container container =
        container(
            user.bundle()
                .set("process.oomScoreAdj", 500)
                .shell("for i in 1 2 3; do setsid sleep 1000 & done; sleep 1000"))) {
      container.started();
      Path namespace = Files.readSymbolicLink(container.proc().resolve("ns/pid"));
      WaitFor.condition("children", PATIENCE, () -> processesIn(namespace).size() >= 4);
      String score = "/proc/self/oom_score_adj";
      assertThat(container.exec("cat", score).ok().line()).isEqualTo("500");
      container.verb("delete", "--force").ok();
      assertGone(namespace);
    }
  }

  private static void assertGone(Path namespace) {
    WaitFor.condition("an empty " + namespace, PATIENCE, () -> processesIn(namespace).isEmpty());
  }

  private static List<Path> processesIn(Path namespace) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(process -> isIn(process, namespace))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean isIn(Path process, Path namespace) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/pid")).equals(namespace);
    } catch (IOException e) {
      // It has ended.
      return false;
    }
  }

  @Test
  void aUserWithoutARuntimeDirectory() {
    Bundle bundle = user.bundle().shell("id -u; exit 5");
    String id = workspace().prefix() + "-homeless";
    try (Container container = new Container(user.runtimeWithoutDirectory(), bundle, id)) {
      assertThat(container.run().exits(5).line()).isEqualTo("0");
    }
  }

  @Test
  void aLimitIsNotLeftOut() {
    try (Container container =
        container(user.bundle().set("linux.resources.memory.limit", 100_000_000))) {
      container.run().fails("memory", "cgroup");
    }
  }

  @Test
  void aCgroupThatIsNamedIsNotLeftOut() {
    String path = "/" + workspace().prefix() + "/named";
    try (Container container = container(user.bundle().set("linux.cgroupsPath", path))) {
      container.run().fails("permission denied");
    }
  }

  @Test
  void noCgroupIsLeftOutUnlessThatIsWanted() {
    Bundle bundle = user.bundle().args("true").write();
    String id = workspace().prefix() + "-strict";
    String directory = bundle.directory().toString();
    user.runtime()
        .run("--rootless", "false", "run", "--bundle", directory, id)
        .fails("cgroup", "permission denied");
    user.runtime().run("--rootless", "true", "run", "--bundle", directory, id).ok();
  }

  /** That user has no subordinate ids: with newuidmap or without there is no such range. */
  @Test
  void rangesOfOthersAreRefused() {
    List<Map<String, Object>> ids =
        List.of(
            Map.of("containerID", 0, "hostID", OrdinaryUser.ID, "size", 1),
            Map.of("containerID", 1, "hostID", 100_000, "size", 1000));
    try (Container container = container(user.bundle().set("linux.uidMappings", ids))) {
      container.run().fails("newuidmap");
    }
  }

  @Test
  void idsOfOthersAreRefused() {
    List<Map<String, Object>> ids =
        List.of(Map.of("containerID", 0, "hostID", OrdinaryUser.ID + 1, "size", 1));
    try (Container container = container(user.bundle().set("linux.uidMappings", ids))) {
      container.run().fails("not permitted");
    }
  }
}

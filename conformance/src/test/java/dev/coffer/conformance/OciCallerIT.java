package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code coffer-oci} owes its caller, whether an engine can be used or not. */
class OciCallerIT {
  private static final int LIMIT_SECONDS = 60;

  @Test
  void theEngineThatACallStartsHoldsNothingOfTheCallers() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      assertThat(toTheEnd(coffer, "exec \"$0\" \"$@\"", "list", "--quiet")).isEmpty();
      assertThat(coffer.enginePid()).as("the engine, which has stayed").isPositive();
    }
  }

  @Test
  void aContainerThatStaysHoldsItsOwnStreamsAlone() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      Path bundle = Files.createDirectory(coffer.directory().resolve("bundle"));
      fill(bundle, "sleep", "1000");
      String id = coffer.directory().getFileName() + "-stays";
      String quietly = "{ \"$0\" \"$@\" >/dev/null 2>&1 </dev/null; } && echo made";
      String directory = bundle.toString();
      assertThat(toTheEnd(coffer, quietly, "run", "--detach", "--bundle", directory, id))
          .isEqualTo("made\n");
      assertThat(toTheEnd(coffer, "exec \"$0\" \"$@\"", "delete", "--force", id)).isEmpty();
    }
  }

  @Test
  void aBundleIsReadInTheCallersMountNamespaceAndDirectory() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      Path source = Files.createDirectory(coffer.directory().resolve("source"));
      fill(source, "echo", "inside");
      Path bundle = Files.createDirectory(coffer.directory().resolve("bundle"));
      String there =
          "exec unshare --mount /bin/sh -c 'mount -t tmpfs tmpfs bundle && cp -a source/. bundle &&"
              + " cd bundle && exec \"$0\" \"$@\"' \"$0\" \"$@\"";
      String id = coffer.directory().getFileName() + "-there";
      assertThat(toTheEnd(coffer, there, "run", id)).isEqualTo("inside\n");
      try (Stream<Path> seen = Files.list(bundle)) {
        assertThat(seen).as("what others see of the bundle").isEmpty();
      }
      assertThat(coffer.directory().resolve("state").resolve(id)).doesNotExist();
    }
  }

  @Test
  void aThreadOfTheEngineServesACallerInAnotherMountNamespace() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      Path source = Files.createDirectory(coffer.directory().resolve("source"));
      fill(source, "sleep", "1000");
      Files.createDirectory(coffer.directory().resolve("bundle"));
      Path there = coffer.directory().resolve("there");
      String script =
          "unshare --mount /bin/sh -c 'mount -t tmpfs tmpfs bundle && cp -a source/. bundle &&"
              + " cd bundle && readlink /proc/self/ns/mnt >../there && exec \"$0\" \"$@\"' \"$0\" \"$@\"; echo $?";
      String id = coffer.directory().getFileName() + "-elsewhere";
      long engine = coffer.enginePid();
      String own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
      CompletableFuture<String> said =
          CompletableFuture.supplyAsync(() -> toTheEndUnchecked(coffer, script, "run", id));
      Coffer.eventually(() -> mountNamespaces(engine).size() > 1);
      assertThat(mountNamespaces(engine)).containsOnly(own, Files.readString(there).strip());
      String killed = "until \"$0\" \"$@\" 2>/dev/null; do sleep 0.1; done";
      assertThat(toTheEnd(coffer, killed, "kill", id, "KILL")).isEmpty();
      assertThat(said.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("137\n");
      Coffer.eventually(() -> mountNamespaces(engine).equals(Set.of(own)));
      assertThat(coffer.directory().resolve("state").resolve(id)).doesNotExist();
    }
  }

  @Test
  void aLongListIsReadWhereTheCallerIsAndNoThreadStaysThere() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      fill(Files.createDirectory(coffer.directory().resolve("source")), "sleep", "1000");
      Files.createDirectory(coffer.directory().resolve("state"));
      String script =
          "exec unshare --mount /bin/sh -ec 'mount -t tmpfs tmpfs state; id="
              + coffer.directory().getFileName()
              + "; \"$0\" \"$1\" \"$2\" create --bundle source $id </dev/null >/dev/null 2>&1;"
              + " for each in $(seq 99); do cp -a state/$id state/copy$each;"
              + " sed -i \"s/\\\"id\\\": *\\\"$id\\\"/\\\"id\\\":\\\"copy$each\\\"/\" state/copy$each/state.json; done;"
              + " \"$0\" \"$@\" | wc -l; \"$0\" \"$1\" \"$2\" delete --force $id' \"$0\" \"$@\"";
      long engine = coffer.enginePid();
      String own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
      assertThat(toTheEnd(coffer, script, "list", "--quiet")).isEqualTo("100\n");
      Coffer.eventually(() -> mountNamespaces(engine).equals(Set.of(own)));
    }
  }

  @Test
  void cgroupsAreFoundWhereTheCallerHasThemMounted() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      assertThat(coffer.enginePid()).isPositive();
      assertThat(pausedWithCgroupsMountedElsewhere(coffer)).isEqualTo("1\n0\n");
    }
  }

  @Test
  void anEngineSeesThatItsOwnMountsHaveChanged() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      assertThat(pausedWithCgroupsMountedElsewhere(coffer)).isEqualTo("1\n0\n");
      assertThat(mountNamespaces(coffer.enginePid()))
          .as("where the first call has started the engine")
          .doesNotContain(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString());
    }
  }

  /**
   * The first call still finds them where they usually are, and so does an engine that removes its
   * own in the end.
   */
  private static String pausedWithCgroupsMountedElsewhere(Coffer coffer) throws Exception {
    fill(Files.createDirectory(coffer.directory().resolve("source")), "sleep", "1000");
    String script =
        "exec unshare --mount /bin/sh -ec 'runtime=\"$0 $1 $2\"; id=$4; $runtime list --quiet; mkdir groups;"
            + " mount --rbind /sys/fs/cgroup groups; umount -lR /sys/fs/cgroup;"
            + " $runtime create --bundle source $id </dev/null >/dev/null 2>&1; $runtime start $id;"
            + " \"$0\" \"$@\"; $runtime state $id | grep -c paused; $runtime delete --force $id;"
            + " find groups -name $id | wc -l; mount --rbind groups /sys/fs/cgroup' \"$0\" \"$@\"";
    return toTheEnd(coffer, script, "pause", coffer.directory().getFileName() + "-groups");
  }

  @Test
  void aCallerInAPidNamespaceWithTheProcOfAnotherSeesItsOwnAndStartsNoEngine() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      fill(Files.createDirectory(coffer.directory().resolve("source")), "sleep", "1000");
      assertThat(inNewPidNamespace(coffer)).isEqualTo("1\ninside\n1\nmine\n0\n");
      assertThat(coffer.root().resolve("lock")).as("what an engine makes").doesNotExist();
      assertThat(coffer.enginePid()).isPositive();
      assertThat(inNewPidNamespace(coffer)).isEqualTo("1\ninside\n1\nmine\n0\n");
    }
  }

  /** As a hook, or what is left to do after a call, finds it. */
  @Test
  void noEngineIsStartedWhereTheFirstProcessHasTheProcOfAnotherPidNamespace() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      String there =
          "exec unshare --pid --fork /bin/sh -c 'unshare --mount /bin/sh -c"
              + " \"mount -t proc proc /proc && exec \\\"\\$0\\\" \\\"\\$@\\\"\" \"$0\" \"$@\" &&"
              + " echo done' \"$0\" \"$@\"";
      assertThat(toTheEnd(coffer, there, "list", "--quiet")).isEqualTo("done\n");
      assertThat(coffer.root().resolve("lock")).as("what an engine makes").doesNotExist();
    }
  }

  @Test
  void whoCannotSeeItsOwnProcessesIsToldOfTheRuntimeAlone() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      String there =
          "exec unshare --pid --fork /bin/sh -ec 'as=\"setpriv --bounding-set -sys_admin\";"
              + " $as \"$0\" --version | grep -c version; $as \"$0\" features | grep -c ociVersionMax;"
              + " $as \"$0\" --help | grep -c create; ! $as \"$0\" \"$@\" 2>said; cut -c 1-38 said' \"$0\" \"$@\"";
      assertThat(toTheEnd(coffer, there, "list", "--quiet"))
          .endsWith("coffer: cannot see its own pid namespa\n");
      assertThat(coffer.root().resolve("lock")).as("what an engine makes").doesNotExist();
    }
  }

  /** What {@code unshare --pid} does where nobody adds {@code --mount-proc}. */
  private static String inNewPidNamespace(Coffer coffer) throws Exception {
    String script =
        "exec unshare --pid --fork /bin/sh -ec 'runtime=\"$0 $1 $2\"; id=$4;"
            + " $runtime create --bundle source --pid-file pid $id </dev/null >/dev/null 2>&1;"
            + " $runtime state $id | grep -c status.*created; $runtime start $id;"
            + " \"$0\" \"$@\"; $runtime state $id | grep -c running;"
            + " kill -KILL $(cat pid) && echo mine;"
            + " for i in $(seq 50); do $runtime state $id | grep -q stopped && break; sleep 0.1; done; $runtime delete $id;"
            + " $runtime list --quiet | wc -l' \"$0\" \"$@\"";
    String id = coffer.directory().getFileName() + "-pids";
    return toTheEnd(coffer, script, "exec", id, "/bin/busybox", "echo", "inside");
  }

  /** Of all threads of a process. */
  private static Set<String> mountNamespaces(long pid) {
    Set<String> names = new HashSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads.toList()) {
        try {
          names.add(Files.readSymbolicLink(thread.resolve("ns/mnt")).toString());
        } catch (NoSuchFileException e) {
          // That thread has ended.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private static String toTheEndUnchecked(Coffer coffer, String script, String... words) {
    try {
      return toTheEnd(coffer, script, words);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNetworkDeviceIsMovedFromTheCallersNetworkNamespace() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      Path bundle = Files.createDirectory(coffer.directory().resolve("bundle"));
      fill(bundle, "ip", "address");
      Path config = bundle.resolve("config.json");
      Files.writeString(
          config,
          Files.readString(config)
              .replace("{\"type\": \"pid\"}", "{\"type\": \"pid\"}, {\"type\": \"network\"}")
              .replace(
                  "\"linux\": {",
                  "\"linux\": {\"netDevices\": {\"of-caller\": {\"name\": \"inside\"}}, "));
      String there =
          "\"$0\" --version >/dev/null; exec unshare --net /bin/sh -c 'ip link add of-caller type veth &&"
              + " ip address add 192.0.2.7/24 dev of-caller && \"$0\" \"$@\" &&"
              + " ! ip link show dev of-caller 2>/dev/null && echo gone' \"$0\" \"$@\"";
      String id = coffer.directory().getFileName() + "-device";
      assertThat(toTheEnd(coffer, there, "run", "--bundle", bundle.toString(), id))
          .containsPattern(": inside@.*UP")
          .contains("inet 192.0.2.7/24")
          .endsWith("gone\n");
      assertThat(coffer.enginePid()).as("the engine, in another namespace").isPositive();
    }
  }

  /**
   * Has a shell run coffer-oci, and reads both of its streams until nobody can write to them.
   *
   * @param script words of the shell, with the command line in {@code "$0" "$@"}
   */
  private static String toTheEnd(Coffer coffer, String script, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script));
    command.add(coffer.binary().resolveSibling("coffer-oci").toString());
    command.addAll(List.of("--root", coffer.directory().resolve("state").toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(coffer.directory().toFile());
    builder.environment().put("COFFER_ROOT", coffer.root().toString());
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(err.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEmpty();
    assertThat(process.exitValue()).isZero();
    return out.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void fill(Path bundle, String applet, String argument) throws IOException {
    for (String name : List.of("bin", "proc", "dev")) {
      Files.createDirectories(bundle.resolve("rootfs").resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), bundle.resolve("rootfs/bin/busybox"));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
         "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/",
                     "args": ["/bin/busybox", "%s", "%s"]},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}]}}
        """
            .formatted(applet, argument));
  }
}

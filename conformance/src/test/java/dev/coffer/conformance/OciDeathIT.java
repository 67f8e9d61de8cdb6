package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} of {@code coffer-oci} and of its engine at random moments: whatever is left of a
 * container, {@code delete --force} takes it away.
 */
class OciDeathIT {
  private static final int ROUNDS = Integer.getInteger("death.rounds", 50);
  private static final long SEED = Long.getLong("death.seed", System.nanoTime());
  private static final int LONGEST_MICROS = 25_000;
  private static final int LIMIT_SECONDS = 60;

  private enum Victim {
    CALLER,
    ENGINE,
    BOTH
  }

  private enum Verb {
    CREATE,
    RUN,
    START,
    EXEC,
    DELETE
  }

  /** A command that was started; what it says goes to a file, which containers keep open. */
  private record Call(Process process, Path complaints) {
    void ends() throws InterruptedException {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ends: %s", process).isTrue();
    }

    void succeeds(String what) throws IOException, InterruptedException {
      ends();
      assertThat(process.exitValue()).as("%s: %s", what, Files.readString(complaints)).isZero();
    }
  }

  @Test
  void deleteByForceCleansUpAfterAnyDeath() throws Exception {
    System.out.println("death.seed=" + SEED);
    Random random = new Random(SEED);
    try (Coffer coffer = Coffer.open()) {
      Path bundle = bundle(coffer, "1000");
      for (int round = 0; round < ROUNDS; round++) {
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        Verb verb = Verb.values()[round % Verb.values().length];
        String id = coffer.directory().getFileName() + "-" + round;
        die(coffer, bundle, id, verb, victim, random.nextInt(LONGEST_MICROS));
        String what = "round %d, %s, death of %s".formatted(round, verb, victim);
        oci(coffer, "delete", "--force", id).succeeds(what);
        // What the dead caller had asked for may only be taken up now; the engine takes it back.
        WaitFor.condition(
            what + " leaves nothing",
            Duration.ofSeconds(LIMIT_SECONDS),
            () -> left(coffer, id).isEmpty());
      }
    }
  }

  @Test
  void aContainerInTheForegroundOutlivesItsEngineAndIsDeletedAllTheSame() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      Path bundle = bundle(coffer, "2");
      String id = coffer.directory().getFileName() + "-run";
      Call run = inForeground(coffer, bundle, id);
      kill(coffer.enginePid());
      run.succeeds("run");
      assertThat(left(coffer, id)).isEmpty();
    }
  }

  @Test
  void anEngineThatIsStoppedHasWhatIsInTheForegroundGoOn() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      Path bundle = bundle(coffer, "1");
      for (int round = 0; round < 3; round++) {
        String id = coffer.directory().getFileName() + "-stop-" + round;
        Call run = inForeground(coffer, bundle, id);
        coffer.run("engine", "stop").ok();
        run.succeeds("run");
        assertThat(Files.readString(run.complaints())).isEmpty();
        assertThat(left(coffer, id)).isEmpty();
      }
    }
  }

  /** An engine ends after its commands, so each of them is done or has done nothing. */
  @Test
  void whatIsCreatedWhileAnEngineIsStoppedIsThereOrLeavesNothing() throws Exception {
    System.out.println("death.seed=" + SEED);
    Random random = new Random(SEED);
    try (Coffer coffer = Coffer.open()) {
      Path bundle = bundle(coffer, "1000");
      for (int round = 0; round < 15; round++) {
        String id = coffer.directory().getFileName() + "-half-" + round;
        coffer.run("version").ok();
        Call create = oci(coffer, "create", "--bundle", bundle.toString(), id);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_MICROS)));
        coffer.run("engine", "stop").ok();
        create.ends();
        if (create.process().exitValue() == 0) {
          oci(coffer, "delete", "--force", id).succeeds("delete");
        }
        assertThat(left(coffer, id))
            .as("round %d: %s", round, Files.readString(create.complaints()))
            .isEmpty();
      }
    }
  }

  /** A {@code run} whose caller waits for the end by now. */
  private static Call inForeground(Coffer coffer, Path bundle, String id) throws Exception {
    Path pidFile = coffer.directory().resolve("pid-of-" + id);
    Call run =
        oci(coffer, "run", "--pid-file", pidFile.toString(), "--bundle", bundle.toString(), id);
    // The last that the engine does before it lets the caller wait; a killed one cannot be asked.
    WaitFor.condition("a process", Duration.ofSeconds(LIMIT_SECONDS), () -> Files.exists(pidFile));
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    return run;
  }

  private static void die(
      Coffer coffer, Path bundle, String id, Verb verb, Victim victim, int micros)
      throws Exception {
    String[] create = {"create", "--bundle", bundle.toString(), id};
    String[] words =
        switch (verb) {
          case CREATE -> create;
          case RUN -> new String[] {"run", "--bundle", bundle.toString(), id};
          case START -> new String[] {"start", id};
          case EXEC -> new String[] {"exec", id, "/bin/busybox", "sleep", "1000"};
          case DELETE -> new String[] {"delete", "--force", id};
        };
    if (verb != Verb.CREATE && verb != Verb.RUN) {
      oci(coffer, create).succeeds("create");
    }
    long engine = coffer.enginePid();
    Call call = oci(coffer, words);
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    if (victim != Victim.CALLER) {
      kill(engine);
    }
    if (victim != Victim.ENGINE || verb == Verb.RUN || verb == Verb.EXEC) {
      // Without its engine one in the foreground goes on to its own end, which is far.
      LockSupport.parkNanos(victim == Victim.ENGINE ? 50_000_000 : 0);
      kill(call.process().pid());
    }
    call.ends();
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static Call oci(Coffer coffer, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(coffer.binary().resolveSibling("coffer-oci").toString());
    command.addAll(List.of("--root", coffer.directory().resolve("state").toString()));
    command.addAll(List.of(words));
    Path complaints = Files.createTempFile(coffer.directory(), "complaints", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(coffer.directory().toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(complaints.toFile());
    builder.environment().put("COFFER_ROOT", coffer.root().toString());
    return new Call(builder.start(), complaints);
  }

  private static Path bundle(Coffer coffer, String seconds) throws IOException {
    Path bundle = Files.createDirectory(coffer.directory().resolve("bundle"));
    for (String name : List.of("bin", "proc", "dev")) {
      Files.createDirectories(bundle.resolve("rootfs").resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), bundle.resolve("rootfs/bin/busybox"));
    Files.writeString(
        bundle.resolve("config.json"),
        """
      {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
       "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/",
                   "args": ["/bin/busybox", "sleep", "%s"]},
       "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
       "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "network"}]}}
      """
            .formatted(seconds));
    return bundle;
  }

  /** What bears a container's id on the host. */
  private static List<String> left(Coffer coffer, String id) throws IOException {
    List<String> left = new ArrayList<>();
    if (Files.exists(coffer.directory().resolve("state").resolve(id))) {
      left.add("state");
    }
    // A relative path, which an id is, starts at the caller's own cgroup.
    List<String> own = Files.readAllLines(Path.of("/proc/self/cgroup"));
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.toList()) {
        own.stream()
            .map(line -> Path.of(hierarchy + line.split(":", 3)[2], id))
            .distinct()
            .filter(Files::exists)
            .forEach(group -> left.add("cgroup " + group));
      }
    }
    processes(id).forEach(process -> left.add("process " + process));
    return left;
  }

  /** The processes in a container's cgroup. */
  private static List<Path> processes(String id) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> Character.isDigit(process.getFileName().toString().charAt(0)))
          .filter(process -> isOf(process, id))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(Path process, String id) {
    try {
      return Files.readAllLines(process.resolve("cgroup")).stream()
              .anyMatch(line -> line.endsWith("/" + id))
          && !Files.readString(process.resolve("stat")).contains(") Z ");
    } catch (IOException e) {
      // It has just ended.
      return false;
    }
  }
}

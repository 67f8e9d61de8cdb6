package dev.coffer.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.command.ExecCommand;
import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.command.TransferCommand;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.ContainerSummary;
import dev.coffer.engine.model.ExecRequest;
import dev.coffer.engine.model.LogQuery;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.engine.state.EngineOptions;
import dev.coffer.image.embedded.BusyboxImage;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.testkit.LeakCheck;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole engine with real containers. Needs root and the native helper. */
@Timeout(120)
class EngineIT {

  private static final Path HELPER = Path.of("../../build/native/coffer").toAbsolutePath();

  @TempDir Path directory;

  private final List<String> ids = new ArrayList<>();
  private LeakCheck leaks;
  private LocalEngine engine;

  @BeforeEach
  void open() throws IOException {
    leaks = LeakCheck.begin();
    Path images = Files.createDirectory(directory.resolve("embedded"));
    BusyboxImage.write(Path.of("/bin/busybox"), images.resolve("busybox.tar"));
    engine = LocalEngine.open(options());
  }

  @AfterEach
  void close() throws Exception {
    for (ContainerSummary container : list()) {
      engine.execute(new ContainerCommand.Remove(container.id(), true, true));
    }
    engine.close();
    // Other users of the machine come and go; what is this test's own has its directory or an id.
    try {
      WaitFor.condition(
          "nothing of this test is left behind",
          Duration.ofSeconds(5),
          () -> leaks.added().stream().noneMatch(this::isOwn));
    } catch (AssertionError e) {
      throw new AssertionError(
          leaks.added().stream().filter(this::isOwn).toList() + " are left behind", e);
    }
    assertThat(directory.resolve("root/containers")).isEmptyDirectory();
    assertThat(directory.resolve("root/names")).isEmptyDirectory();
    assertThat(directory.resolve("run/m")).isEmptyDirectory();
  }

  private boolean isOwn(String line) {
    return line.contains(directory.toString()) || ids.stream().anyMatch(line::contains);
  }

  private EngineOptions options() {
    return new EngineOptions(
        directory.resolve("root"),
        directory.resolve("run"),
        HELPER,
        Optional.of(directory.resolve("embedded")),
        1,
        List.of(),
        Optional.empty());
  }

  @Test
  void aContainerRunsAndTellsItsExitCode() {
    String id = create(shell("echo out; echo err >&2; exit 7"));
    start(id);
    assertThat(await(id)).isEqualTo(7);
    assertThat(log(id)).isEqualTo("out\nerr\n");
    assertThat(only(list()).status()).startsWith("Exited (7)");
    start(id);
    assertThat(await(id)).isEqualTo(7);
    assertThat(log(id)).isEqualTo("out\nerr\nout\nerr\n");
  }

  @Test
  void anEphemeralContainerIsGoneWhenItsEndIsTold() throws IOException {
    String id = create(ephemeral(shell("exit 3")));
    start(id);
    assertThat(await(id)).isEqualTo(3);
    assertThat(list()).isEmpty();
    assertThat(directory.resolve("root/names")).isEmptyDirectory();
  }

  @Test
  void whatCannotBeExecutedIsToldApartAndLeavesNothing() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(create(named(request("nosuch"), "missing"))))
        .withMessage(
            "cannot start container \"missing\": start \"nosuch\": executable file not found in $PATH")
        .extracting(EngineException::kind)
        .isEqualTo(Kind.COMMAND_NOT_FOUND);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(create(request("/etc/passwd"))))
        .extracting(EngineException::kind)
        .isEqualTo(Kind.NOT_EXECUTABLE);
    assertThat(directory.resolve("run/m")).isEmptyDirectory();
  }

  @Test
  void stopKillPauseAndRestart() {
    String id =
        create(shell("trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done"));
    start(id);
    WaitFor.condition("it is up", Duration.ofSeconds(5), () -> log(id).equals("up\n"));
    engine.execute(new ContainerCommand.Pause(id));
    assertThat(only(list()).status()).endsWith("(Paused)");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> engine.execute(new ContainerCommand.Pause(id)))
        .extracting(EngineException::kind)
        .isEqualTo(Kind.CONFLICT);
    engine.execute(new ContainerCommand.Unpause(id));
    engine.execute(new ContainerCommand.Stop(id, Optional.empty(), Optional.empty()));
    assertThat(await(id)).isEqualTo(5);
    assertThat(log(id)).isEqualTo("up\nbye\n");
    start(id);
    engine.execute(
        new ContainerCommand.Restart(id, Optional.of("KILL"), Optional.of(Duration.ofSeconds(5))));
    assertThat(only(list()).state()).isEqualTo("running");
    engine.execute(new ContainerCommand.Kill(id, "KILL"));
    assertThat(await(id)).isEqualTo(137);
  }

  @Test
  void execsRunSideBySide() throws Exception {
    String id = create(shell("sleep 60"));
    start(id);
    try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> codes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int code = i;
        codes.add(clients.submit(() -> exec(id, "exit " + code)));
      }
      for (int i = 0; i < 8; i++) {
        assertThat(codes.get(i).get()).isEqualTo(i);
      }
    }
    assertThat(exec(id, "test $(id -u) = 0 && test -n \"$HOSTNAME\"")).isZero();
    assertThat(engine.execute(new ContainerCommand.Top(id, List.of())).processes())
        .anySatisfy(row -> assertThat(row.getLast()).contains("sleep 60"));
  }

  @Test
  void aContainerOutlivesItsEngine() {
    String id = create(shell("echo one; sleep 1; echo two; sleep 60"));
    String shortLived = create(shell("sleep 0.3; exit 9"));
    start(id);
    start(shortLived);
    engine.close();
    pause(Duration.ofMillis(1200));
    engine = LocalEngine.open(options());
    assertThat(list())
        .extracting(ContainerSummary::id, ContainerSummary::state)
        .containsExactlyInAnyOrder(tuple(id, "running"), tuple(shortLived, "exited"));
    assertThat(await(shortLived)).isEqualTo(9);
    WaitFor.condition("it logs on", Duration.ofSeconds(5), () -> log(id).equals("one\ntwo\n"));
    assertThat(exec(id, "exit 4")).isEqualTo(4);
    engine.execute(
        new ContainerCommand.Stop(id, Optional.of("KILL"), Optional.of(Duration.ofSeconds(5))));
    assertThat(await(id)).isEqualTo(137);
  }

  @Test
  void aLostMonitorIsRecordedAndItsContainerKilled() throws Exception {
    String id = create(shell("sleep 60"));
    start(id);
    ProcessHandle monitor = ProcessHandle.of(inspectPid(id)).orElseThrow().parent().orElseThrow();
    assertThat(monitor.destroyForcibly()).isTrue();
    WaitFor.condition(
        "the loss is recorded", Duration.ofSeconds(5), () -> only(list()).state().equals("exited"));
    assertThat(inspect(id, "Error")).isEqualTo("monitor lost");
    start(id);
    assertThat(only(list()).state()).isEqualTo("running");
  }

  @Test
  void anExecWhoseMonitorIsLostIsKilled() throws Exception {
    String id = create(shell("sleep 60"));
    start(id);
    try (ExecutorService client = Executors.newSingleThreadExecutor()) {
      Future<Integer> code = client.submit(() -> exec(id, "sleep 61"));
      WaitFor.condition("it runs", Duration.ofSeconds(5), () -> processes(id).contains("sleep 61"));
      ProcessHandle init = ProcessHandle.of(inspectPid(id)).orElseThrow();
      ProcessHandle.current()
          .children()
          .filter(monitor -> !monitor.equals(init.parent().orElseThrow()))
          .filter(monitor -> monitor.children().findAny().isPresent())
          .forEach(monitor -> assertThat(monitor.destroyForcibly()).isTrue());
      assertThat(code.get()).isEqualTo(137);
      WaitFor.condition(
          "it ends", Duration.ofSeconds(5), () -> !processes(id).contains("sleep 61"));
      assertThat(only(list()).state()).isEqualTo("running");
    }
  }

  @Test
  void whatAContainerLeavesInASharedPidNamespaceIsKilled() throws Exception {
    ContainerRequest request =
        Requests.of(shell("sleep 987 & exit 3"))
            .namespaces(new NamespaceRequest("host", "", "", "", ""))
            .build();
    String id = create(request);
    start(id);
    assertThat(await(id)).isEqualTo(3);
    engine.execute(new ContainerCommand.Remove(id, false, false));
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process -> process.info().commandLine().orElse("").endsWith("sleep 987"));
  }

  @Test
  void aContainerThatMakesNoSenseDoesNotKeepTheEngineClosed() throws IOException {
    String id = create(shell("sleep 0.3"));
    start(id);
    engine.close();
    pause(Duration.ofMillis(500));
    Files.writeString(directory.resolve("root/containers").resolve(id).resolve("exit.json"), "{");
    engine = LocalEngine.open(options());
    assertThat(inspect(id, "Error")).isEqualTo("monitor lost");
    start(id);
    assertThat(await(id)).isZero();
  }

  @Test
  void anEphemeralContainerThatNeverCameToItsStartIsNotLeftBehind() {
    String kept = create(ephemeral(shell("true")));
    var run = new ContainerCommand.Create(ephemeral(shell("true")), true);
    String started = engine.execute(run).id();
    String gone = engine.execute(run).id();
    assertThat(list()).extracting(ContainerSummary::id).contains(kept, started, gone);
    start(started);
    assertThat(await(started)).isZero();
    engine.close();
    assertThat(directory.resolve("root/containers").resolve(gone)).isDirectory();
    engine = LocalEngine.open(options());
    assertThat(list()).extracting(ContainerSummary::id).containsExactly(kept);
    assertThat(directory.resolve("root/containers").resolve(gone)).doesNotExist();
  }

  @Test
  void containersAtRestAreReadBehindTheFirstAnswer() throws IOException {
    String untouched = create(named(shell("exit 3"), "untouched"));
    String renamed = create(named(shell("true"), "before"));
    String damaged = create(named(shell("true"), "damaged"));
    String removed = create(named(shell("true"), "removed"));
    String restarting = create(restarting(shell("sleep 60"), "always", 0));
    engine.close();
    Path containers = directory.resolve("root/containers");
    assertThat(directory.resolve("root/containers.index"))
        .content()
        .contains(untouched, renamed, damaged, removed)
        .doesNotContain(restarting);

    // What a person may do while no engine runs; the one that opens does not know.
    Path config = containers.resolve(renamed).resolve("container.json");
    Files.writeString(config, Files.readString(config).replace("\"before\"", "\"after\""));
    Files.writeString(containers.resolve(damaged).resolve("container.json"), "{");
    Files.move(containers.resolve(removed), directory.resolve("elsewhere"));
    Files.delete(directory.resolve("root/names/untouched"));
    engine = LocalEngine.open(options());
    assertThat(directory.resolve("root/containers.index")).doesNotExist();
    WaitFor.condition(
        "all are verified",
        Duration.ofSeconds(5),
        () ->
            list().stream()
                .map(ContainerSummary::id)
                .collect(Collectors.toSet())
                .equals(Set.of(untouched, renamed, restarting)));
    WaitFor.condition(
        "its name is the one on disk",
        Duration.ofSeconds(5),
        () -> Files.isSymbolicLink(directory.resolve("root/names/after")));
    engine.execute(new ContainerCommand.Remove("after", false, false));
    WaitFor.condition(
        "its name is reserved",
        Duration.ofSeconds(5),
        () -> Files.isSymbolicLink(directory.resolve("root/names/untouched")));
    start("untouched");
    assertThat(await(untouched)).isEqualTo(3);
    Files.move(containers.resolve(damaged), directory.resolve("damaged"));
    Files.delete(directory.resolve("root/names/damaged"));
  }

  @Test
  void followedLogsEndWithTheContainer() {
    String id = create(shell("for i in 1 2 3; do echo $i; sleep 0.1; done"));
    start(id);
    StringBuilder seen = new StringBuilder();
    engine.execute(
        new ContainerCommand.Logs(
            id,
            new LogQuery(true, true, true, Optional.empty(), Optional.empty(), -1),
            line -> seen.append(new String(line.text(), StandardCharsets.UTF_8))));
    assertThat(seen).hasToString("1\n2\n3\n");
  }

  @Test
  void aVolumeIsFilledFromTheImageAndKept() {
    MountRequest data =
        new MountRequest.Volume(
            Optional.of("data"),
            "/etc",
            false,
            true,
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Map.of());
    String first = create(mounted(shell("cat /etc/passwd; echo kept > /etc/new"), data));
    start(first);
    assertThat(await(first)).isZero();
    assertThat(log(first)).contains("root:");
    String second = create(mounted(shell("cat /etc/new"), data));
    start(second);
    assertThat(await(second)).isZero();
    assertThat(log(second)).isEqualTo("kept\n");
  }

  @Test
  void aRestartPolicyStartsAgainUntilItsMaximum() {
    ContainerRequest request = shell("exit 1");
    String id = create(restarting(request, "on-failure", 2));
    start(id);
    WaitFor.condition(
        "it was restarted twice",
        Duration.ofSeconds(10),
        () -> only(list()).state().equals("exited") && restartCount(id) == 2);
  }

  @Test
  void anImageInUseStays() {
    String id = create(shell("true"));
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> engine.execute(new ImageCommand.RemoveImage("busybox", false, true)))
        .extracting(EngineException::kind)
        .isEqualTo(Kind.CONFLICT);
    engine.execute(new ContainerCommand.Remove(id, false, false));
  }

  @Test
  void eightClientsHammer() throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int code = i;
        all.add(
            clients.submit(
                () -> {
                  for (int round = 0; round < 5; round++) {
                    String id = create(ephemeral(shell("exit " + code)));
                    start(id);
                    assertThat(await(id)).isEqualTo(code);
                  }
                }));
      }
      for (Future<?> each : all) {
        assertThat(each.get()).isNull();
      }
    }
    assertThat(list()).isEmpty();
  }

  private static ContainerRequest request(String... command) {
    // These tests change nothing of the host's networks.
    return ContainerRequests.of("busybox", List.of(command))
        .with(ContainerRequests.network("none"));
  }

  private static ContainerRequest shell(String script) {
    return request("sh", "-c", script);
  }

  private static ContainerRequest named(ContainerRequest request, String name) {
    return Requests.of(request).name(name).build();
  }

  private static ContainerRequest ephemeral(ContainerRequest request) {
    return Requests.of(request).autoRemove().build();
  }

  private static ContainerRequest mounted(ContainerRequest request, MountRequest mount) {
    return Requests.of(request).mounts(List.of(mount)).build();
  }

  private static ContainerRequest restarting(ContainerRequest request, String policy, int most) {
    return Requests.of(request).restart(policy, most).build();
  }

  private synchronized String create(ContainerRequest request) {
    String id = engine.execute(new ContainerCommand.Create(request)).id();
    ids.add(id);
    return id;
  }

  private void start(String id) {
    engine.execute(new ContainerCommand.Start(id, Optional.empty()));
  }

  private int await(String id) {
    return engine.execute(new ContainerCommand.Wait(id, WaitCondition.NOT_RUNNING));
  }

  private int exec(String id, String script) {
    ExecRequest request =
        new ExecRequest(
            List.of("sh", "-c", script),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            false,
            true,
            true,
            0,
            0,
            Optional.empty());
    String exec = engine.execute(new ExecCommand.CreateExec(id, request));
    engine.execute(new ExecCommand.StartExec(exec, Optional.empty()));
    return engine.execute(new ExecCommand.WaitExec(exec));
  }

  private String processes(String id) {
    return engine.execute(new ContainerCommand.Top(id, List.of())).processes().toString();
  }

  private List<ContainerSummary> list() {
    return engine.execute(new ContainerCommand.ListContainers(true, Map.of(), 0, false));
  }

  private static ContainerSummary only(List<ContainerSummary> containers) {
    assertThat(containers).hasSize(1);
    return containers.getFirst();
  }

  private String log(String id) {
    StringBuilder text = new StringBuilder();
    engine.execute(
        new ContainerCommand.Logs(
            id,
            new LogQuery(true, true, false, Optional.empty(), Optional.empty(), -1),
            line -> text.append(new String(line.text(), StandardCharsets.UTF_8))));
    return text.toString();
  }

  private long inspectPid(String id) {
    return Long.parseLong(inspect(id, "Pid"));
  }

  @Test
  void aShortNameIsWhatItsSettingsSayIfThatIsHere() throws IOException {
    String meant = "example.org/box:latest";
    Path settings = Files.createDirectories(directory.resolve("home/.config/coffer"));
    Files.writeString(
        settings.resolve("registries.conf"), "[aliases]\nbusybox = \"example.org/box\"\n");
    assertThat(inStore("busybox")).isEqualTo("busybox");
    engine.execute(new ImageCommand.Tag("busybox", meant));
    assertThat(inStore("busybox")).isEqualTo(meant);
    assertThat(inStore("busybox:other")).isEqualTo("busybox:other");
    assertThat(inStore("docker.io/library/busybox")).isEqualTo("docker.io/library/busybox");
  }

  private String inStore(String name) {
    RegistryAccess caller = RegistryAccess.of(Map.of("HOME", directory.resolve("home").toString()));
    return engine.execute(new TransferCommand.NameInStore(name, Optional.empty(), caller));
  }

  private String inspect(String id, String member) {
    var state =
        engine.execute(new ContainerCommand.Inspect(id, false)).json().get("State").orElseThrow();
    return Requests.text(state, member);
  }

  private int restartCount(String id) {
    var json = engine.execute(new ContainerCommand.Inspect(id, false)).json();
    return Integer.parseInt(Requests.text(json, "RestartCount"));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.plan.compile.StandardStreams;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.cgroup.Cgroups;
import dev.coffer.runtime.host.HostProbe;
import dev.coffer.runtime.process.ProcessInfo;
import dev.coffer.runtime.process.ProcessTable;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.LogFormat;
import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.testkit.BusyboxRootfs;
import dev.coffer.testkit.LeakCheck;
import dev.coffer.testkit.WaitFor;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole containers: an overlay over busybox, a compiled spec, the native helper. */
@Timeout(60)
class ContainerIT {
  private static final Path HELPER = Path.of("../../build/native/coffer");
  private static final String ID = "container-it";
  private static final String PARENT = "/coffer-it-" + ProcessHandle.current().pid();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;

  private LeakCheck leaks;
  private HostFacts facts;
  private Cgroups cgroups;
  private Cgroup cgroup;
  private Fd output;
  private ProcessMonitors monitors;

  @BeforeEach
  void open() throws Exception {
    leaks = LeakCheck.begin(LeakCheck.Scope.CHILDREN);
    facts = HostProbe.probe();
    cgroups = new Cgroups(facts.cgroups());
    cgroup = cgroups.of(PARENT + "/" + ID);
    output = FileOpen.path("/dev/null", OpenFlags.RDWR);
    monitors = ProcessMonitors.open(HELPER, output);
    BusyboxRootfs.create(Files.createDirectory(directory.resolve("rootfs")));
    for (String name : List.of("upper", "work", "state")) {
      Files.createDirectory(directory.resolve(name));
    }
  }

  @AfterEach
  void close() throws Exception {
    cgroup.killAll(PATIENCE);
    cgroups.of(PARENT).remove(PATIENCE);
    monitors.close();
    leaks.assertNothingLeft();
    output.close();
  }

  @Test
  void aContainerSaysWhatItSeesAndHowItEnded() throws Exception {
    String script = "hostname; id -u; echo $$; cat /proc/self/comm; touch /new; exit 42";
    try (Fd root = mount();
        UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        MonitorConnection connection =
            monitors.start(
                request(
                    script,
                    "",
                    root,
                    Optional.of(Client.overSocket(pair.second(), Attach.ALL, true))))) {
      pair.second().close();
      Conversation told = Conversation.listen(pair.first());
      assertThat(told.output()).isEqualTo("box\n0\n1\ncat\n");
      assertThat(told.errors()).isEmpty();
      assertThat(told.exitCode()).isEqualTo(42);
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExitStatus.Exited.class);
    }
    assertThat(directory.resolve("upper/new")).exists();
  }

  @Test
  void aMissingBindSourceIsNamed() throws Exception {
    String mount =
        ", {\"destination\": \"/data\", \"type\": \"bind\", \"source\": \"/nowhere/srv\","
            + " \"options\": [\"rbind\"]}";
    try (Fd root = mount()) {
      assertThatThrownBy(() -> monitors.start(request("true", mount, root, Optional.empty())))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("/nowhere/srv")
          .hasMessageContaining("/data")
          .hasMessageContaining("no such");
    }
  }

  @Test
  void aRunningContainerIsListedFrozenAndKilled() throws Exception {
    try (Fd root = mount();
        MonitorConnection connection =
            monitors.start(request("sleep 1000 & sleep 1001; true", "", root, Optional.empty()))) {
      WaitFor.condition(
          "both run",
          PATIENCE,
          () ->
              ProcessTable.read(cgroup.processes()).stream()
                  .map(ProcessInfo::command)
                  .toList()
                  .containsAll(List.of("sleep 1000", "sleep 1001")));
      assertThat(cgroup.statistics().processLimit()).hasValue(50);
      assertThat(cgroup.statistics().memoryLimitBytes()).hasValue(134217728);
      cgroup.freeze(PATIENCE);
      assertThat(connection.exited()).isNotDone();
      cgroup.killAll(PATIENCE);
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              ExitStatus.Exited.class, exited -> assertThat(exited.signal()).isEqualTo(9));
    }
  }

  @Test
  void aContainerOutlivesItsEngine() throws Exception {
    try (Fd root = mount()) {
      monitors.start(request("exec sleep 1000", "", root, Optional.empty())).close();
    }
    try (MonitorConnection again = monitors.reconnect(ID, directory.resolve("state"))) {
      assertThat(again.exited()).isNotDone();
      again.signal(9);
      assertThat(again.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              ExitStatus.Exited.class, exited -> assertThat(exited.code()).isEqualTo(137));
    }
  }

  @Test
  void anotherProcessJoinsARunningContainer() throws Exception {
    try (Fd root = mount();
        MonitorConnection container =
            monitors.start(request("exec sleep 1000", "", root, Optional.empty()));
        UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        Fd init = container.pidfd();
        MonitorConnection exec = monitors.start(exec(init, pair.second()))) {
      pair.second().close();
      Conversation told = Conversation.listen(pair.first());
      assertThat(told.output()).isEqualTo("box\nsleep\n");
      assertThat(told.exitCode()).isEqualTo(5);
      assertThat(exec.exited().get(10, TimeUnit.SECONDS)).isInstanceOf(ExitStatus.Exited.class);
      assertThat(container.exited()).isNotDone();
      container.signal(9);
      assertThat(container.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExitStatus.Exited.class);
    }
  }

  @Test
  void aTerminalHasTheSizeThatItIsTold() throws Exception {
    try (Fd root = mount();
        UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM);
        MonitorConnection connection =
            monitors.start(
                request(
                    "tty; stty size; exit 3",
                    "",
                    root,
                    Optional.of(Client.overSocket(pair.second(), Attach.ALL, true)),
                    StandardStreams.TERMINAL))) {
      pair.second().close();
      Conversation told = Conversation.listen(pair.first());
      assertThat(told.output()).isEqualTo("/dev/pts/0\r\n33 101\r\n");
      assertThat(told.exitCode()).isEqualTo(3);
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExitStatus.Exited.class);
    }
  }

  private Fd mount() throws Exception {
    try (Fd lower = directory("rootfs");
        Fd upper = directory("upper");
        Fd work = directory("work")) {
      return Overlay.ofThisKernel()
          .mount(
              OverlayLayers.writable(List.of(lower), upper, work),
              OverlayOptions.DEFAULT.withVolatile(true));
    }
  }

  private Fd directory(String name) throws Exception {
    return FileOpen.path(directory.resolve(name).toString(), OpenFlags.PATH);
  }

  private StartRequest request(String script, String mount, Fd root, Optional<Client> client)
      throws Exception {
    return request(script, mount, root, client, StandardStreams.PIPES);
  }

  private StartRequest request(
      String script, String mount, Fd root, Optional<Client> client, StandardStreams streams)
      throws Exception {
    boolean terminal = streams == StandardStreams.TERMINAL;
    Plan plan =
        new ContainerCompiler(new SeccompFilters())
            .compile(spec(script, mount, terminal), facts, ContainerInputs.of(ID, streams));
    return start(plan, root, directory.resolve("state"), terminal, client);
  }

  private StartRequest exec(Fd pidfd, Fd client) throws Exception {
    ContainerProcess process =
        spec("hostname; cat /proc/1/comm; exit 5", "", false).process().orElseThrow();
    ExecInputs inputs =
        new ExecInputs(
            ID,
            Set.of(
                NamespaceType.PID,
                NamespaceType.NETWORK,
                NamespaceType.IPC,
                NamespaceType.UTS,
                NamespaceType.MOUNT),
            Optional.of(PARENT + "/" + ID),
            Optional.empty(),
            StandardStreams.PIPES,
            List.of(),
            Optional.empty(),
            true);
    Plan plan = new ExecCompiler(new SeccompFilters()).compile(process, facts, inputs);
    Path state = Files.createDirectory(directory.resolve("exec"));
    return start(
        plan, pidfd, state, false, Optional.of(Client.overSocket(client, Attach.ALL, true)));
  }

  private StartRequest start(
      Plan plan, Fd input, Path state, boolean terminal, Optional<Client> client) {
    return new StartRequest(
        ID,
        Program.of(plan),
        List.of(input),
        state,
        state,
        new StdioSettings(
            terminal ? StdioMode.TERMINAL : StdioMode.PIPES, false, false, new WindowSize(33, 101)),
        new LogSettings(LogFormat.JSON_FILE, 1, 0, "log", ""),
        List.of(),
        "exit.json",
        false,
        cgroup.oomFile(),
        List.of(),
        true,
        client);
  }

  private static Spec spec(String script, String mount, boolean terminal) throws Exception {
    try (InputStream in = ContainerIT.class.getResourceAsStream("default-spec.json")) {
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@SCRIPT@", script)
              .replace("@MOUNT@", mount)
              .replace("@TERMINAL@", Boolean.toString(terminal))
              .replace("@CGROUP@", PARENT + "/" + ID);
      return Spec.parse(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}

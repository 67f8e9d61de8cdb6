package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.ArrangeDescriptors;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloneTree;
import dev.coffer.plan.op.Execute;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.LogFormat;
import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.testkit.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The native helper with plans of two stages, which need no isolation and no root. */
@Timeout(60)
class MonitorIT {
  private static final Path HELPER = Path.of("../../build/native/coffer");
  private static final int SIGTERM = 15;

  @TempDir Path directory;

  private LeakCheck leaks;
  private Fd output;
  private ProcessMonitors monitors;

  @BeforeEach
  void open() throws Exception {
    leaks = LeakCheck.begin(LeakCheck.Scope.CHILDREN);
    output = FileOpen.path("/dev/null", OpenFlags.RDWR);
    monitors = ProcessMonitors.open(HELPER, output);
  }

  @AfterEach
  void close() throws Exception {
    monitors.close();
    leaks.assertNothingLeft();
    output.close();
  }

  @Test
  void codeOutputLogAndRecordAgree() throws Exception {
    try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM)) {
      StartRequest request =
          request(
              "echo out; echo err >&2; exit 7",
              List.of(),
              Optional.of(Client.overSocket(pair.second(), Attach.ALL, true)));
      try (MonitorConnection connection = monitors.start(request)) {
        pair.second().close();
        Conversation told = Conversation.listen(pair.first());
        assertThat(told.output()).isEqualTo("out\n");
        assertThat(told.errors()).isEqualTo("err\n");
        assertThat(told.exitCode()).isEqualTo(7);
        ExitStatus status = connection.exited().get(10, TimeUnit.SECONDS);
        assertThat(status)
            .isInstanceOfSatisfying(
                ExitStatus.Exited.class, exited -> assertThat(exited.code()).isEqualTo(7));
        ExitRecord record = ExitRecord.read(directory.resolve("exit.json")).orElseThrow();
        assertThat(record.toStatus()).isEqualTo(status);
        assertThat(record.pid()).isEqualTo(connection.pid());
        assertThat(record.startedAt()).isEqualTo(connection.startedAt());
        assertThat(Files.readString(directory.resolve("log")))
            .contains("\"log\":\"out\\n\"", "\"stream\":\"stderr\"");
      }
    }
  }

  @Test
  void aFailureNamesTheOperation() throws Exception {
    Op missing =
        new CloneTree(
            "/nowhere/at/all", new Slot(6, "missing"), true, "bind mount on \"/data\"", "-v");
    assertThatThrownBy(() -> monitors.start(request("true", List.of(missing), Optional.empty())))
        .isInstanceOfSatisfying(
            StartException.class,
            e -> assertThat(e.failed().errno()).isEqualTo(Errno.ENOENT.number()))
        .hasMessageContaining("/nowhere/at/all");
    assertThat(directory.resolve("exit.json")).doesNotExist();
  }

  @Test
  void aSignalEndsTheProcessAndIsTold() throws Exception {
    try (MonitorConnection connection =
        monitors.start(request("exec sleep 1000", List.of(), Optional.empty()))) {
      connection.signal(SIGTERM);
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              ExitStatus.Exited.class,
              exited -> {
                assertThat(exited.signal()).isEqualTo(SIGTERM);
                assertThat(exited.code()).isEqualTo(128 + SIGTERM);
              });
    }
  }

  @Test
  void anotherEngineFindsTheMonitorAgain() throws Exception {
    MonitorConnection first =
        monitors.start(request("exec sleep 1000", List.of(), Optional.empty()));
    first.close();
    try (ProcessMonitors others = ProcessMonitors.open(HELPER, output);
        MonitorConnection again = others.reconnect("it", directory)) {
      assertThat(again.pid()).isEqualTo(first.pid());
      assertThat(again.startedAt()).isEqualTo(first.startedAt());
      again.signal(SIGTERM);
      assertThat(again.exited().get(10, TimeUnit.SECONDS)).isInstanceOf(ExitStatus.Exited.class);
    }
    assertThatThrownBy(() -> monitors.reconnect("it", directory))
        .isInstanceOf(MonitorGoneException.class);
  }

  @Test
  void startsAreFast() throws Exception {
    List<Long> microseconds = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long begin = System.nanoTime();
      try (MonitorConnection connection =
          monitors.start(request("", List.of(), Optional.empty()))) {
        microseconds.add((System.nanoTime() - begin) / 1000);
        connection.exited().get(10, TimeUnit.SECONDS);
      }
    }
    microseconds.sort(null);
    // Far above what it takes (about 2 ms), so that only a real mistake fails on a busy machine.
    assertThat(microseconds.get(100)).isLessThan(50_000L);
    System.getLogger("bench")
        .log(
            System.Logger.Level.INFO,
            "start: median {0} us, best {1} us",
            microseconds.get(100),
            microseconds.getFirst());
  }

  private StartRequest request(String script, List<Op> before, Optional<Client> client) {
    List<Slot> streams =
        List.of(new Slot(0, "stdin"), new Slot(1, "stdout"), new Slot(2, "stderr"));
    List<String> command =
        script.isEmpty() ? List.of("/bin/true") : List.of("/bin/sh", "-c", script);
    CloneStage clone =
        new CloneStage(
            1,
            "init",
            0,
            Optional.empty(),
            Optional.empty(),
            new Slot(4, "init"),
            Optional.of(new Slot(5, "pidfd")),
            "start");
    List<Op> init =
        List.of(
            new ArrangeDescriptors(streams, "streams"),
            new Execute(command, List.of("PATH=/bin"), "/bin:/usr/bin", false, "program"));
    List<Op> monitor = new ArrayList<>(before);
    monitor.add(clone);
    Plan plan =
        new Plan(
            Architecture.of(System.getProperty("os.arch")),
            List.of(new Stage("monitor", monitor), new Stage("init", init)),
            List.of("stdin", "stdout", "stderr", "terminal", "init", "pidfd", "missing"),
            6);
    return new StartRequest(
        "it",
        Program.of(plan),
        List.of(),
        directory,
        directory,
        new StdioSettings(StdioMode.PIPES, false, false, WindowSize.UNKNOWN),
        new LogSettings(LogFormat.JSON_FILE, 1, 0, "log", ""),
        List.of(),
        "exit.json",
        false,
        Optional.empty(),
        List.of(),
        true,
        client);
  }
}

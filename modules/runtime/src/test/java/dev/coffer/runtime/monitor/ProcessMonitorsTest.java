package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Directory;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.file.FileLock;
import dev.coffer.runtime.protocol.Attach;
import dev.coffer.runtime.protocol.Exited;
import dev.coffer.runtime.protocol.Failed;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Status;
import dev.coffer.runtime.protocol.StdioMode;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ProcessMonitorsTest {
  @TempDir Path directory;

  private final FakeMonitor monitor = new FakeMonitor("/bin/true");
  private Fd none;
  private ProcessMonitors monitors;

  @BeforeEach
  void open() throws Exception {
    none = FileOpen.path("/dev/null", OpenFlags.RDWR);
    monitors = ProcessMonitors.open(Path.of("/bin/true"), none, monitor, 0);
  }

  @AfterEach
  void close() {
    monitors.close();
    none.close();
  }

  @Test
  void aStartedContainerTellsItsEnd() throws Exception {
    CompletableFuture<Frame> setup = onMonitorsSide(() -> monitor.start(1_500_000_000L));
    try (MonitorConnection connection = monitors.start(request())) {
      assertThat(connection.pid()).isEqualTo(CurrentProcess.pid());
      assertThat(connection.startedAt()).isEqualTo(Instant.ofEpochMilli(1500));
      assertThat(connection.exited()).isNotDone();
      // Plan, state directory, run directory.
      assertThat(setup.join().descriptors()).hasSize(3);
      setup.join().closeDescriptors();
      monitor.channel().send(new Exited(137, 9, true, 2_000_000_000L).toFrame());
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isEqualTo(new ExitStatus.Exited(137, 9, true, Instant.ofEpochSecond(2)));
      assertThatThrownBy(() -> connection.resize(new WindowSize(1, 2)))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot talk to the monitor of \"web\": it has gone");
      assertThat(connection.isAlive()).isTrue();
    }
    assertThat(monitor.request().ownSession()).isTrue();
    assertThat(monitor.request().environment()).isEmpty();
  }

  @Test
  void nothingIsDoneToAProcessThatWasLetGoOf() throws Exception {
    CompletableFuture<Frame> setup = onMonitorsSide(() -> monitor.start(0));
    MonitorConnection connection = monitors.start(request());
    setup.join().closeDescriptors();
    connection.close();
    assertThat(connection.isAlive()).isFalse();
    // Signal 0 would be harmless: this JVM is the container.
    assertThatThrownBy(() -> connection.signal(0))
        .isInstanceOf(IOException.class)
        .hasMessage("the first process of \"web\" has ended");
  }

  @Test
  void aMonitorThatGoesWithoutAWordIsLost() throws Exception {
    var setup = onMonitorsSide(() -> monitor.start(0));
    try (MonitorConnection connection = monitors.start(request())) {
      setup.join().closeDescriptors();
      monitor.channel().close();
      assertThat(connection.exited().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExitStatus.MonitorLost.class);
    }
  }

  @Test
  void aFailedPlanIsExplainedByItself() {
    CompletableFuture<Object> side =
        onMonitorsSide(
            () -> {
              monitor.channel().receive().orElseThrow().closeDescriptors();
              monitor.channel().send(new Failed(1, 50, 41, Errno.EACCES.number(), 0).toFrame());
              return null;
            });
    assertThatThrownBy(() -> monitors.start(request()))
        .isInstanceOfSatisfying(
            StartException.class,
            e -> assertThat(e.failed()).isEqualTo(new Failed(1, 50, 41, 13, 0)))
        .hasMessage("op 41: 13");
    side.join();
  }

  @Test
  void aMonitorThatOutlivesItsEngineIsNoZombieAfterwards() throws Exception {
    FakeMonitor slow = new FakeMonitor("/bin/sleep", "0.5");
    try (ProcessMonitors others = ProcessMonitors.open(Path.of("/bin/true"), none, slow, 0)) {
      CompletableFuture<Object> side =
          onMonitorsSide(
              () -> {
                slow.channel().receive().orElseThrow().closeDescriptors();
                slow.channel().send(new Failed(1, 50, 41, Errno.EACCES.number(), 0).toFrame());
                return null;
              });
      assertThatThrownBy(() -> others.start(request())).isInstanceOf(StartException.class);
      side.join();
    }
    Path process = Path.of("/proc", Integer.toString(slow.pid()));
    assertThat(process).exists();
    WaitFor.condition("it is gone", Duration.ofSeconds(5), () -> Files.notExists(process));
  }

  @Test
  void aMonitorThatDiesBeforeItsAnswerIsAFailureWithoutALeak() throws Exception {
    int before = openDescriptors();
    CompletableFuture<Object> side =
        onMonitorsSide(
            () -> {
              monitor.channel().receive().orElseThrow().closeDescriptors();
              monitor.channel().close();
              return null;
            });
    assertThatThrownBy(() -> monitors.start(request()))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot start \"web\": the monitor ended before its container was started");
    side.join();
    // The reaper may still hold the child's pidfd for a moment.
    for (int i = 0; i < 200 && openDescriptors() > before; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(openDescriptors()).isEqualTo(before);
  }

  @Test
  void clientsAndCommandsGoToTheMonitor() throws Exception {
    var setup = onMonitorsSide(() -> monitor.start(0));
    try (MonitorConnection connection = monitors.start(request());
        UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.STREAM)) {
      setup.join().closeDescriptors();
      connection.addClient(
          new Client(
              pair.second(),
              new Attach(false, true, true),
              true,
              Optional.empty(),
              Optional.of(none),
              Optional.empty()));
      connection.resize(new WindowSize(40, 132));
      connection.rotateLog();
      connection.closeStdin();
      FrameChannel side = monitor.channel();
      Frame added = side.receive().orElseThrow();
      assertThat(added.type()).isEqualTo(FrameType.ADD_CLIENT);
      assertThat(added.payload()).containsExactly(6, 1, 4, 6);
      assertThat(added.descriptors()).hasSize(2);
      added.closeDescriptors();
      assertThat(side.receive().orElseThrow().payload()).containsExactly(40, 0, -124, 0);
      assertThat(side.receive().orElseThrow().type()).isEqualTo(FrameType.ROTATE_LOG);
      assertThat(side.receive().orElseThrow().type()).isEqualTo(FrameType.CLOSE_STDIN);
      assertThatThrownBy(() -> connection.signal(1000)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRunningMonitorIsFoundAgain() throws Exception {
    try (Fd run = FileOpen.path(directory.toString(), OpenFlags.PATH);
        FileLock lock = FileLock.tryExclusive(directory.resolve("monitor.lock")).orElseThrow();
        Fd listener = UnixSocket.listen(run, "monitor.sock", UnixSocket.STREAM, 5)) {
      assertThat(lock).isNotNull();
      CompletableFuture<FrameChannel> side =
          onMonitorsSide(
              () -> {
                FrameChannel accepted = new FrameChannel(UnixSocket.accept(listener));
                assertThat(accepted.receive().orElseThrow().type()).isEqualTo(FrameType.QUERY);
                try (Fd pidfd = Pidfd.open(CurrentProcess.pid())) {
                  accepted.send(
                      new Status(true, CurrentProcess.pid(), 5, 2).toFrame(List.of(pidfd)));
                }
                return accepted;
              });
      try (MonitorConnection connection = monitors.reconnect("web", directory)) {
        assertThat(connection.pid()).isEqualTo(CurrentProcess.pid());
        side.join().send(new Exited(3, 0, false, 0).toFrame());
        assertThat(connection.exited().get(10, TimeUnit.SECONDS))
            .isEqualTo(new ExitStatus.Exited(3, 0, false, Instant.EPOCH));
        side.join().close();
      }
    }
  }

  @Test
  void aMonitorThatTakesItsStartBackIsWaitedFor() throws Exception {
    FileLock lock = FileLock.tryExclusive(directory.resolve("monitor.lock")).orElseThrow();
    try (Fd run = FileOpen.path(directory.toString(), OpenFlags.PATH);
        Fd listener = UnixSocket.listen(run, "monitor.sock", UnixSocket.STREAM, 5)) {
      CompletableFuture<Boolean> side =
          onMonitorsSide(
              () -> {
                try (FrameChannel accepted = new FrameChannel(UnixSocket.accept(listener))) {
                  assertThat(accepted.receive()).isPresent();
                  accepted.send(new Status(false, 0, 0, 0).toFrame(List.of()));
                }
                LockSupport.parkNanos(100_000_000);
                lock.close();
                return true;
              });
      assertThatThrownBy(() -> monitors.reconnect("web", directory))
          .isInstanceOf(MonitorGoneException.class)
          .hasMessage("the container of \"web\" is not running");
      assertThat(FileLock.isHeld(run, "monitor.lock")).isFalse();
      assertThat(side.join()).isTrue();
    }
  }

  @Test
  void withoutTheLockThereIsNoMonitor() throws Exception {
    assertThatThrownBy(() -> monitors.reconnect("web", directory.resolve("none")))
        .isInstanceOf(MonitorGoneException.class);
    assertThatThrownBy(() -> monitors.reconnect("web", directory))
        .isInstanceOf(MonitorGoneException.class);
    FileLock.tryExclusive(directory.resolve("monitor.lock")).orElseThrow().close();
    assertThatThrownBy(() -> monitors.reconnect("web", directory))
        .isInstanceOf(MonitorGoneException.class)
        .hasMessage("no monitor holds the lock of \"web\"");
  }

  private interface Side<T> {
    T play() throws IOException;
  }

  private static <T> CompletableFuture<T> onMonitorsSide(Side<T> side) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                result.complete(side.play());
              } catch (IOException | RuntimeException | AssertionError e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  private StartRequest request() {
    return new StartRequest(
        "web",
        new Program(new byte[64], failed -> "op " + failed.op() + ": " + failed.errno()),
        List.of(),
        directory,
        directory,
        new StdioSettings(StdioMode.PIPES, false, false, WindowSize.UNKNOWN),
        LogSettings.NONE,
        StartRequest.DEFAULT_DETACH_KEYS,
        "exit.json",
        false,
        Optional.empty(),
        List.of(),
        true,
        Optional.empty());
  }

  private static int openDescriptors() throws IOException {
    try (Fd self = FileOpen.path("/proc/self/fd", OpenFlags.RDONLY)) {
      return Directory.list(self).size();
    }
  }
}

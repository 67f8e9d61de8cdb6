package dev.coffer.cli.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.ContainerCommand.Pause;
import dev.coffer.engine.command.ContainerCommand.Start;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ImageCommand.Import;
import dev.coffer.engine.command.ImageCommand.Save;
import dev.coffer.engine.command.SystemCommand.Status;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.engine.model.EngineStatus;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol, between a played launcher and the real server with a fake engine. */
@Timeout(20)
class EngineServerTest {

  private static final long BUILD = 5;

  @TempDir private Path directory;
  private Path run;
  private final FakeEngine engine = new FakeEngine().on(NameInStore.class, NameInStore::name);
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private EngineServer server;
  private FutureTask<Void> end;

  @BeforeEach
  void serve() throws IOException {
    run = directory.resolve("run");
    start(Duration.ZERO);
  }

  private void start(Duration idleExit) throws IOException {
    start(idleExit, () -> 0);
  }

  /** Starts it anew, with so many running containers at each look. */
  private void start(Duration idleExit, IntSupplier running) throws IOException {
    engine.on(
        Status.class,
        status -> new EngineStatus(1, 1, Instant.EPOCH, "", "", "", running.getAsInt(), 1));
    Fd lock = Door.tryLock(run).orElseThrow();
    ServerOptions options =
        new ServerOptions(
            directory,
            run,
            directory,
            true,
            idleExit,
            BUILD,
            Optional.empty(),
            Optional.empty(),
            false);
    server = new EngineServer(engine, Door.open(run, lock), options);
    server.start();
    end =
        new FutureTask<>(
            () -> {
              server.awaitEnd();
              return null;
            });
    Thread waiter = new Thread(end);
    waiter.setDaemon(true);
    waiter.start();
  }

  @AfterEach
  void stop() throws Exception {
    release.countDown();
    server.handOver();
    awaitEnd();
  }

  private void awaitEnd() throws Exception {
    end.get(10, SECONDS);
  }

  /** The engine's Wait blocks as the real one does. */
  private void blockWaits() {
    engine.on(
        Wait.class,
        wait -> {
          started.countDown();
          try {
            release.await();
            return 3;
          } catch (InterruptedException e) {
            throw new EngineException(EngineException.Kind.FAILED, "interrupted", e);
          }
        });
  }

  /** The engine's Pause takes its time and cannot be interrupted. */
  private void blockPauses() {
    engine.on(
        Pause.class,
        pause -> {
          started.countDown();
          boolean done = false;
          while (!done) {
            try {
              done = release.await(10, SECONDS);
            } catch (InterruptedException e) {
              throw new AssertionError("a command that works was interrupted", e);
            }
          }
          return null;
        });
  }

  @Test
  void theSocketIsForItsOwnerOnly() throws IOException {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(run.resolve("engine.sock"))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
        .isEqualTo("rwx------");
  }

  @Test
  void aRequestIsAnswered() throws IOException {
    try (FakeLauncher launcher = new FakeLauncher(run).ask("pause", "web")) {
      assertThat(launcher.greeting().build()).isEqualTo(BUILD);
      assertThat(launcher.outcome())
          .isEqualTo(new FakeLauncher.Outcome(FrameType.EXIT, 0, "web\n", ""));
    }
    assertThat(engine.executed()).containsExactly(new Pause("web"));
  }

  @Test
  void failuresGoToStandardError() throws IOException {
    try (FakeLauncher launcher = new FakeLauncher(run).ask("pause", "--nonsense")) {
      FakeLauncher.Outcome outcome = launcher.outcome();
      assertThat(outcome.number()).isEqualTo(125);
      assertThat(outcome.err()).startsWith("unknown flag: --nonsense\n");
    }
  }

  @Test
  void aFaultOfOursIsAnErrorAndTheServerLivesOn() throws IOException {
    engine.on(
        Pause.class,
        pause -> {
          throw new IllegalStateException("bug");
        });
    try (FakeLauncher launcher = new FakeLauncher(run).ask("pause", "web")) {
      FakeLauncher.Outcome outcome = launcher.outcome();
      assertThat(outcome.number()).isEqualTo(125);
      assertThat(outcome.err()).contains("internal error").contains("bug");
    }
    try (FakeLauncher launcher = new FakeLauncher(run).ask("engine", "start")) {
      assertThat(launcher.outcome().number()).isZero();
    }
  }

  @Test
  void nonsenseEndsAConnectionAndNothingElse() throws IOException {
    try (FakeLauncher launcher = new FakeLauncher(run).send(Payloads.signal(1))) {
      assertThat(launcher.receive()).isEmpty();
    }
    try (FakeLauncher launcher = new FakeLauncher(run).ask("engine", "start")) {
      assertThat(launcher.outcome().number()).isZero();
    }
  }

  @Test
  void theSameRequestIsNotRunTwice() throws IOException {
    UUID id = UUID.randomUUID();
    try (FakeLauncher first = new FakeLauncher(run).hello(1).request(id, "pause", "web")) {
      assertThat(first.outcome().number()).isZero();
    }
    try (FakeLauncher second = new FakeLauncher(run).hello(1).request(id, "pause", "web")) {
      assertThat(second.outcome()).isEqualTo(new FakeLauncher.Outcome(FrameType.EXIT, 0, "", ""));
    }
    assertThat(engine.executed()).hasSize(1);
  }

  @Test
  void theSameRequestTakesOverAnAnswerThatIsUnderWay() throws Exception {
    blockWaits();
    UUID id = UUID.randomUUID();
    try (FakeLauncher first = new FakeLauncher(run).hello(1).request(id, "wait", "web")) {
      started.await();
      try (FakeLauncher second = new FakeLauncher(run).hello(1).request(id, "wait", "web")) {
        // What the second one sends is taken for the first one's request: so it has taken over.
        second.send(Payloads.signal(20)).await(FrameType.STOP);
        first.leave();
        awaitNoInterrupt();
        release.countDown();
        assertThat(second.outcome())
            .isEqualTo(new FakeLauncher.Outcome(FrameType.EXIT, 0, "3\n", ""));
      }
    }
    assertThat(engine.executed()).hasSize(1);
  }

  /** One more round trip: by then the server has seen what was sent and closed before. */
  private void awaitNoInterrupt() throws IOException {
    try (FakeLauncher other = new FakeLauncher(run).ask("engine", "start")) {
      assertThat(other.outcome().number()).isZero();
    }
  }

  @Test
  void whoLeavesBreaksOffWhatWaits() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    engine.on(
        Wait.class,
        wait -> {
          started.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return 0;
        });
    try (FakeLauncher launcher = new FakeLauncher(run).ask("wait", "web")) {
      launcher.greeting();
      started.await();
    }
    assertThat(interrupted.await(10, SECONDS)).isTrue();
  }

  @Test
  void aSignalEndsWhatWaitsAndIsRaised() throws Exception {
    blockWaits();
    try (FakeLauncher launcher = new FakeLauncher(run).ask("wait", "web")) {
      started.await();
      launcher.send(Payloads.signal(2));
      assertThat(launcher.outcome())
          .isEqualTo(new FakeLauncher.Outcome(FrameType.RAISE, 2, "", ""));
    }
  }

  @Test
  void aSignalLeavesWhatWorksToItsEnd() throws Exception {
    blockPauses();
    try (FakeLauncher launcher = new FakeLauncher(run).ask("pause", "web")) {
      started.await();
      launcher.send(Payloads.signal(15));
      assertThat(launcher.outcome().last()).isEqualTo(FrameType.RAISE);
    }
    release.countDown();
  }

  @Test
  void aStopFromTheKeyboardStopsTheLauncher() throws Exception {
    blockWaits();
    try (FakeLauncher launcher = new FakeLauncher(run).ask("wait", "web")) {
      started.await();
      launcher.send(Payloads.signal(20));
      launcher.await(FrameType.STOP);
      release.countDown();
      assertThat(launcher.outcome().out()).isEqualTo("3\n");
    }
  }

  @Test
  void aForegroundContainerGetsItsMonitor() throws Exception {
    blockWaits();
    CountDownLatch given = new CountDownLatch(1);
    Fd[] monitor = new Fd[1];
    engine.on(Create.class, create -> new Created("id", "name", List.of()));
    // The client's owner is the engine, which here keeps it beyond the command.
    engine.on(
        Start.class,
        start -> {
          try {
            monitor[0] = start.client().orElseThrow().socket().duplicate();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          given.countDown();
          return null;
        });
    try (FakeLauncher launcher = new FakeLauncher(run).ask("run", "image")) {
      Frame frame = launcher.await(FrameType.MONITOR);
      given.await();
      try (Fd client = frame.descriptors().getFirst();
          Fd end = monitor[0]) {
        FileData.writeAll(end, "hi".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = new byte[2];
        assertThat(FileData.read(client, bytes, 0, 2)).isEqualTo(2);
        assertThat(bytes).asString(StandardCharsets.US_ASCII).isEqualTo("hi");
      }
      release.countDown();
      assertThat(launcher.outcome().number()).isEqualTo(3);
    }
  }

  @Test
  void inputComesTypedOrAsADescriptor() throws Exception {
    engine.on(
        Import.class,
        imported -> {
          try {
            return "got " + new String(imported.archive().readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    try (FakeLauncher launcher = new FakeLauncher(run).terminal(0).ask("import", "-")) {
      assertThat(launcher.await(FrameType.RAW).payload()).containsExactly(1);
      launcher.send(Frame.of(FrameType.STDIN, "typed".getBytes(StandardCharsets.UTF_8)));
      launcher.send(Frame.of(FrameType.STDIN_EOF));
      assertThat(launcher.outcome().out()).isEqualTo("got typed\n");
    }
    try (UnixSocket.Pair pipe = UnixSocket.pair(UnixSocket.STREAM)) {
      FileData.writeAll(pipe.first(), "piped".getBytes(StandardCharsets.UTF_8));
      UnixSocket.shutdown(pipe.first(), UnixSocket.SHUT_WRITE);
      try (FakeLauncher launcher =
          new FakeLauncher(run).pass(0, pipe.second()).ask("import", "-")) {
        assertThat(launcher.outcome().out()).isEqualTo("got piped\n");
      }
    }
  }

  @Test
  void bulkOutputGoesToTheDescriptorAndABrokenPipeIsRaised() throws Exception {
    engine.on(
        Save.class,
        save -> {
          try {
            save.archive().write("archive".getBytes(StandardCharsets.UTF_8));
            save.archive().flush();
            return null;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    try (UnixSocket.Pair pipe = UnixSocket.pair(UnixSocket.STREAM)) {
      try (FakeLauncher launcher = new FakeLauncher(run).pass(1, pipe.second()).ask("save", "a")) {
        assertThat(launcher.outcome().number()).isZero();
        byte[] bytes = new byte[7];
        assertThat(FileData.read(pipe.first(), bytes, 0, 7)).isEqualTo(7);
      }
      pipe.first().close();
      try (FakeLauncher launcher = new FakeLauncher(run).pass(1, pipe.second()).ask("save", "a")) {
        assertThat(launcher.outcome())
            .isEqualTo(new FakeLauncher.Outcome(FrameType.RAISE, 13, "", ""));
      }
    }
  }

  @Test
  void aNewerLauncherGetsAnEngineOfItsOwn() throws Exception {
    blockPauses();
    try (FakeLauncher busy = new FakeLauncher(run).ask("pause", "web");
        FakeLauncher newer =
            new FakeLauncher(run).hello(BUILD + 1).request(UUID.randomUUID(), "pause", "x")) {
      started.await();
      assertThat(newer.greeting().build()).isEqualTo(BUILD);
      newer.send(Frame.of(FrameType.HANDOVER));
      release.countDown();
      assertThat(newer.receive()).as("the end, when all is let go").isEmpty();
      assertThat(busy.outcome().out()).as("a command that runs is finished").isEqualTo("web\n");
    }
    assertThat(engine.isClosed()).isTrue();
    assertThat(run.resolve("engine.sock")).doesNotExist();
    try (Fd lock = Door.tryLock(run).orElseThrow()) {
      assertThat(Flock.tryExclusive(lock)).isTrue();
    }
    assertThat(engine.executed()).as("the newer one's request was not run").hasSize(1);
  }

  @Test
  void whatWaitsAsksTheNextEngine() throws Exception {
    blockWaits();
    try (FakeLauncher waiting = new FakeLauncher(run).ask("wait", "web")) {
      started.await();
      server.handOver();
      assertThat(waiting.outcome().last()).isEqualTo(FrameType.RECONNECT);
    }
  }

  @Test
  void stopReturnsWhenAllIsLetGo() throws Exception {
    blockWaits();
    try (FakeLauncher waiting = new FakeLauncher(run).ask("wait", "web")) {
      started.await();
      try (FakeLauncher launcher = new FakeLauncher(run).ask("engine", "stop")) {
        assertThat(launcher.outcome().number()).isZero();
        assertThat(engine.isClosed()).isTrue();
        assertThat(run.resolve("engine.sock")).doesNotExist();
      }
      assertThat(waiting.outcome().err()).isEqualTo("coffer: the engine was stopped\n");
    }
    awaitEnd();
  }

  @Test
  void manyMayAskForTheEndAtOnce() throws Exception {
    try (FakeLauncher one = new FakeLauncher(run);
        FakeLauncher two = new FakeLauncher(run)) {
      one.ask("engine", "stop");
      two.ask("engine", "stop");
      assertThat(one.outcome().last()).isIn(FrameType.EXIT, FrameType.RECONNECT);
      assertThat(two.outcome().last()).isIn(FrameType.EXIT, FrameType.RECONNECT, null);
    }
    awaitEnd();
  }

  @Test
  void restartIsDoneWhenTheEngineIsYoungerThanItsCaller() throws IOException {
    try (FakeLauncher launcher = new FakeLauncher(run).ask("engine", "restart")) {
      assertThat(launcher.outcome().number()).isZero();
    }
    assertThat(engine.isClosed()).isFalse();
  }

  @Test
  void anIdleEngineLeavesUnlessAContainerRuns() throws Exception {
    stop();
    CountDownLatch asked = new CountDownLatch(2);
    start(
        Duration.ofMillis(30),
        () -> {
          int running = asked.getCount() > 0 ? 1 : 0;
          asked.countDown();
          return running;
        });
    awaitEnd();
    assertThat(asked.getCount()).isZero();
    assertThat(run.resolve("engine.sock")).doesNotExist();
  }

  @Test
  void oneEngineHoldsTheLock() throws IOException {
    assertThat(Door.tryLock(run)).isEmpty();
  }

  @Test
  void largeOutputIsWhole() throws IOException, ExecutionException {
    String name = "x".repeat(50_000);
    try (FakeLauncher launcher = new FakeLauncher(run).ask("pause", name, name, name)) {
      assertThat(launcher.outcome().out()).isEqualTo((name + "\n").repeat(3));
    }
  }
}

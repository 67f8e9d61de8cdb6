package dev.coffer.runtime.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.Memfd;
import dev.coffer.kernel.Pipe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class CriuSessionTest {
  private static final CriuSession.Waiting HERE =
      new CriuSession.Waiting() {
        @Override
        public <T> T await(Supplier<T> action) {
          return action.get();
        }
      };

  /** Notes what it is told. */
  private static final class Noted implements CriuEvents {
    private final List<String> events = new ArrayList<>();

    @Override
    public void namespacesMade(int pid) {
      events.add("namespaces " + pid);
    }

    @Override
    public void restored(int pid) {
      events.add("restored " + pid);
    }

    @Override
    public void terminalMade(Fd master) {
      events.add("terminal");
      master.close();
    }

    @Override
    public void pagesReady() {
      events.add("pages");
    }
  }

  private static CriuOptions options() {
    return new CriuOptions(Fd.CWD, Fd.CWD, "dump.log").pid(42);
  }

  @Test
  void theVersionIsAskedForWithoutAnEnd() throws Exception {
    try (CriuSession session = CriuSession.open(HERE)) {
      FakeCriu criu =
          FakeCriu.of(
              session,
              FakeCriu.answer(
                  new ProtobufWriter()
                      .number(1, RequestType.VERSION.number())
                      .flag(2, true)
                      .message(10, new ProtobufWriter().number(1, 3).number(2, 17))));
      session.started(Optional.empty());
      assertThat(session.version()).isEqualTo(new CriuVersion(3, 17));
      assertThat(criu.requests().getFirst().number(1)).contains(10L);
      assertThat(criu.requests().getFirst().flag(4)).as("keep_open").isTrue();
    }
  }

  @Test
  void oneThatIsKilledIsNotWaitedForWhoeverHasItsSocket() throws Exception {
    Pipe death = Pipe.open();
    try (CriuSession session = CriuSession.open(HERE);
        Fd childs = session.end().duplicate();
        Fd process = death.reader()) {
      session.started(Optional.of(process));
      death.writer().close();
      assertThatThrownBy(session::version)
          .isInstanceOf(CriuException.class)
          .hasMessageContaining("ended without an answer");
      assertThat(childs.isOpen()).isTrue();
    }
  }

  @Test
  void aFeatureIsThereOrNot() throws Exception {
    for (boolean there : new boolean[] {true, false}) {
      try (CriuSession session = CriuSession.open(HERE)) {
        FakeCriu criu =
            FakeCriu.of(
                session,
                FakeCriu.answer(
                    new ProtobufWriter()
                        .number(1, RequestType.FEATURE_CHECK.number())
                        .flag(2, true)
                        .message(8, new ProtobufWriter().flag(2, there))));
        session.started(Optional.empty());
        assertThat(session.has(CriuFeature.LAZY_PAGES)).isEqualTo(there);
        ProtobufMessage asked = criu.requests().getFirst().message(5).orElseThrow();
        assertThat(asked.flag(2)).isTrue();
        assertThat(asked.number(1)).isEmpty();
      }
    }
  }

  @Test
  void whatIsToldInBetweenIsAnswered() throws Exception {
    Noted noted = new Noted();
    try (CriuSession session = CriuSession.open(HERE);
        Fd terminal = Memfd.open("terminal")) {
      FakeCriu criu =
          FakeCriu.of(
              session,
              FakeCriu.notice("setup-namespaces", 7),
              FakeCriu.notice("network-unlock", 0),
              new FakeCriu.Answer(
                  FakeCriu.notice("orphan-pts-master", 0).message(), List.of(terminal)),
              FakeCriu.notice("status-ready", 0),
              FakeCriu.notice("post-restore", 7),
              FakeCriu.answer(
                  new ProtobufWriter()
                      .number(1, RequestType.RESTORE.number())
                      .flag(2, true)
                      .message(4, new ProtobufWriter().number(1, 7))));
      session.started(Optional.empty());
      assertThat(session.perform(RequestType.RESTORE, options(), noted)).contains(7);
      assertThat(noted.events).containsExactly("namespaces 7", "terminal", "pages", "restored 7");
      assertThat(criu.requests().subList(1, 6))
          .allSatisfy(
              each -> {
                assertThat(each.number(1)).contains(6L);
                assertThat(each.flag(3)).as("notify_success").isTrue();
              });
    }
  }

  private static AbstractThrowableAssert<?, ?> failureOfDump(FakeCriu.Answer... answers)
      throws Exception {
    try (CriuSession session = CriuSession.open(HERE)) {
      FakeCriu ignored = FakeCriu.of(session, answers);
      session.started(Optional.empty());
      return assertThatThrownBy(
          () -> session.perform(RequestType.DUMP, options(), CriuEvents.NONE));
    }
  }

  @Test
  void itsFirstComplaintIsTheFailure() throws Exception {
    failureOfDump(
            FakeCriu.answer(
                new ProtobufWriter()
                    .number(1, RequestType.DUMP.number())
                    .flag(2, false)
                    .number(7, 1)
                    .text(9, "Error (criu/vdso.c:381): vdso: bad bounds\n")))
        .isInstanceOf(CriuException.class)
        .hasMessage("Error (criu/vdso.c:381): vdso: bad bounds");
  }

  @Test
  void withoutOneTheErrorCounts() throws Exception {
    failureOfDump(
            FakeCriu.answer(
                new ProtobufWriter()
                    .number(1, RequestType.DUMP.number())
                    .flag(2, false)
                    .number(7, 3)))
        .hasMessage("ESRCH: no such process");
  }

  @Test
  void oneThatEndsIsNotWaitedFor() throws Exception {
    failureOfDump().isInstanceOf(CriuException.class).hasMessage("it has ended without an answer");
  }

  @Test
  void oneThatStaysIsNotWaitedForBeyondThePatience() throws Exception {
    // Like a process's descriptor, a pipe is readable when there is an end.
    try (CriuSession session = CriuSession.open(HERE);
        Pipe process = Pipe.open()) {
      assertThat(session.hangUp(process.reader(), Duration.ofMillis(1))).isFalse();
      process.writer().close();
      assertThat(session.hangUp(process.reader(), Duration.ofMinutes(1))).isTrue();
    }
  }

  @Test
  void whatFailsInBetweenIsNotAnswered() throws Exception {
    IOException failure = new IOException("hook");
    FakeCriu criu;
    try (CriuSession session = CriuSession.open(HERE)) {
      criu =
          FakeCriu.of(
              session,
              FakeCriu.notice("setup-namespaces", 7),
              FakeCriu.success(RequestType.RESTORE));
      session.started(Optional.empty());
      assertThatThrownBy(
              () ->
                  session.perform(
                      RequestType.RESTORE,
                      options(),
                      new CriuEvents() {
                        @Override
                        public void namespacesMade(int pid) throws IOException {
                          throw failure;
                        }
                      }))
          .isSameAs(failure);
    }
    assertThat(criu.requests()).hasSize(1);
  }

  @Test
  void theOptionsAreWhatTheProtocolCallsThem() throws Exception {
    try (CriuSession session = CriuSession.open(HERE)) {
      FakeCriu criu = FakeCriu.of(session, FakeCriu.success(RequestType.DUMP));
      session.started(Optional.empty());
      CriuOptions options =
          options()
              .leaveRunning(true)
              .externalMount("/data", "data")
              .cgroups(CgroupsMode.STRICT)
              .emptyNetwork(true)
              .pageServer("::1", 27)
              .freezer("/sys/fs/cgroup/web");
      assertThat(session.perform(RequestType.DUMP, options, CriuEvents.NONE)).isEmpty();
      ProtobufMessage sent = criu.requests().getFirst().message(2).orElseThrow();
      assertThat(sent.number(2)).as("pid").contains(42L);
      assertThat(sent.flag(3)).as("leave_running").isTrue();
      assertThat(sent.text(10)).as("log_file").contains("dump.log");
      assertThat(sent.message(11).orElseThrow().number(2)).as("ps.port").contains(27L);
      assertThat(sent.message(23).orElseThrow().text(1)).as("ext_mnt.key").contains("/data");
      assertThat(sent.number(34)).as("manage_cgroups_mode").contains(5L);
      assertThat(sent.number(38)).as("empty_ns").contains(0x40000000L);
      assertThat(sent.text(44)).as("freeze_cgroup").contains("/sys/fs/cgroup/web");
      assertThat(sent.flag(50)).as("orphan_pts_master").isTrue();
    }
  }
}

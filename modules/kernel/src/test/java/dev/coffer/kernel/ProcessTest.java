package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessTest {
  private static final int SIGTERM = 15;

  private final Spawner spawner = Spawner.posix();
  private Fd none;

  @BeforeEach
  void open() throws Exception {
    none = FileOpen.path("/dev/null", OpenFlags.RDWR);
  }

  @AfterEach
  void close() {
    none.close();
  }

  @Test
  void aChildsCodeAndSignalAreTold() throws Exception {
    try (Child child = shell("exit 7")) {
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(new WaitStatus(7, 0));
    }
    try (Child child = shell("sleep 100")) {
      assertThat(Pidfd.poll(child.pidfd())).isEmpty();
      Pidfd.signal(child.pidfd(), SIGTERM);
      assertThat(Pidfd.await(child.pidfd())).isEqualTo(new WaitStatus(128 + SIGTERM, SIGTERM));
      assertThatThrownBy(() -> Pidfd.signal(child.pidfd(), 0))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.ESRCH)).isTrue());
    }
  }

  @Test
  void aChildInheritsNothingOfTheJvm() throws Exception {
    String text =
        output(
            "ls -l /proc/self/fd | wc -l; grep -E '^Sig(Blk|Ign)' /proc/self/status;"
                + " echo env=$(tr '\\0' ' ' </proc/$$/environ)");
    // "total", 0, 1, 2 and the directory that ls itself reads.
    assertThat(text)
        .isEqualTo(
            """
            5
            SigBlk:\t0000000000000000
            SigIgn:\t0000000000000000
            env=A=b
            """);
  }

  @Test
  void aDescriptorWhoseNumberIsAlsoATargetIsNotLost() throws Exception {
    try (Pipe pipe = Pipe.open()) {
      // Enough targets that the pipe's own numbers are surely among them, in the wrong order.
      int count = Math.max(pipe.reader().number(), pipe.writer().number()) + 2;
      List<Fd> descriptors = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        descriptors.add(i == count - 1 ? pipe.writer() : none);
      }
      try (Child child =
          spawner.spawn(
              new SpawnRequest(
                  "/bin/bash",
                  List.of("bash", "-c", "echo right >&" + (count - 1)),
                  List.of(),
                  descriptors,
                  false))) {
        assertThat(Pidfd.await(child.pidfd())).isEqualTo(new WaitStatus(0, 0));
      }
      byte[] read = new byte[6];
      assertThat(FileData.read(pipe.reader(), read, 0, 6)).isEqualTo(6);
      assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo("right\n");
    }
  }

  @Test
  void aSealedMemfdCanBeExecutedAndNotChanged() throws Exception {
    byte[] program = "#!/bin/sh\nexit 3\n".getBytes(StandardCharsets.UTF_8);
    try (Fd script = Memfd.sealedExecutable("script", program)) {
      assertThatThrownBy(() -> FileData.writeAll(script, new byte[1]))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.EPERM)).isTrue());
      String path = "/proc/" + CurrentProcess.pid() + "/fd/" + script.number();
      try (Child child =
          spawner.spawn(
              new SpawnRequest(path, List.of("x"), List.of(), List.of(none, none, none), true))) {
        assertThat(Pidfd.await(child.pidfd()).code()).isEqualTo(3);
      }
    }
  }

  @Test
  void aProgramThatIsNotThereIsToldByName() {
    assertThatThrownBy(
            () ->
                spawner.spawn(
                    new SpawnRequest("/nowhere", List.of("x"), List.of(), List.of(), false)))
        .hasMessage("posix_spawn(\"/nowhere\"): ENOENT: no such file or directory");
  }

  @Test
  void thisProcessKnowsItself() throws Exception {
    assertThat((long) CurrentProcess.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(CurrentProcess.affinity().cardinality()).isPositive();
    assertThat(Host.bootId()).hasSize(36);
    assertThat(Host.uptime()).isPositive();
    assertThat(Host.uname().system()).isEqualTo("Linux");
    assertThat(CurrentProcess.limit(7).hard()).isNotZero();
  }

  private Child shell(String script) throws KernelException {
    return spawner.spawn(
        new SpawnRequest(
            "/bin/sh",
            List.of("sh", "-c", script),
            List.of("A=b"),
            List.of(none, none, none),
            true));
  }

  private String output(String script) throws KernelException {
    try (Pipe pipe = Pipe.open();
        Child child =
            spawner.spawn(
                new SpawnRequest(
                    "/bin/sh",
                    List.of("sh", "-c", script),
                    List.of("A=b"),
                    List.of(none, pipe.writer(), none),
                    true))) {
      Pidfd.await(child.pidfd());
      byte[] bytes = new byte[4096];
      int size = FileData.read(pipe.reader(), bytes, 0, bytes.length);
      return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
  }
}

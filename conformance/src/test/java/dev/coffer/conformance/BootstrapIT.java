package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Images made from Debian's package archive, and what happens when one is not made to the end. */
class BootstrapIT {

  private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(8);

  private static Coffer coffer;

  @BeforeAll
  static void open() {
    coffer = Coffer.open();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @Test
  void aDebianFromScratchRuns() throws IOException {
    Process making =
        coffer.start(
            Map.of("SOURCE_DATE_EPOCH", "1700000000"),
            "bootstrap",
            "debian:bookworm",
            "--include",
            "netbase",
            "-c",
            "ENV GREETING=hello",
            "-t",
            "scratch/debian:1");
    Coffer.Result made = Coffer.finish(making, new byte[0], DOWNLOAD_LIMIT).ok();
    assertThat(made.line()).matches("sha256:[0-9a-f]{64}");
    assertThat(made.err()).contains("I: success");
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "--network",
                    "none",
                    "scratch/debian:1",
                    "bash",
                    "-c",
                    "echo $GREETING; . /etc/os-release; echo $VERSION_CODENAME; ls /etc/protocols;"
                        + " grep -c security /etc/apt/sources.list")
                .ok()
                .lines())
        .containsExactly("hello", "bookworm", "/etc/protocols", "1");
    assertThat(
            coffer
                .run("inspect", "--format", "{{.Created}} {{.Config.Cmd}}", "scratch/debian:1")
                .ok()
                .line())
        .isEqualTo("2023-11-14T22:13:20Z [bash]");
    assertThat(leftovers()).isZero();
  }

  @Test
  void whatCannotBeInstalledLeavesNothing() throws IOException {
    coffer
        .run("bootstrap", "-q", "debian:nosuchrelease")
        .fails(1, "cannot bootstrap \"debian:nosuchrelease\"", "exit code 25", "nosuchrelease");
    coffer.run("bootstrap", "fedora:40").fails(1, "unknown distribution \"fedora\"");
    assertThat(coffer.run("images", "-q", "debian").ok().out()).isEmpty();
    assertThat(leftovers()).isZero();
  }

  @Test
  void anEngineThatIsKilledTakesTheInstallerAlong() throws IOException {
    try (Coffer other = Coffer.open()) {
      Process making = other.start("bootstrap", "debian:bookworm", "-t", "never");
      String engine = other.run("engine", "status", "--format", "{{.Pid}}").ok().line();
      Path work = other.root().resolve("bootstrap");
      Coffer.eventually(() -> installer(work) != 0);
      long installer = installer(work);
      ProcessHandle.of(Long.parseLong(engine)).orElseThrow().destroyForcibly();
      Coffer.finish(making, new byte[0]).fails(125, "lost the connection to the engine");
      Coffer.eventually(() -> ProcessHandle.of(installer).isEmpty());
      assertThat(other.run("images", "-q", "never").ok().out()).isEmpty();
      assertThat(work).isEmptyDirectory();
    }
  }

  /** The process that has our directory for its temporary files; 0 when there is none. */
  private static long installer(Path work) {
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process.pid()).contains("TMPDIR=" + work + "/"))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElse(0);
  }

  private static String environment(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/environ"));
    } catch (IOException gone) {
      return "";
    }
  }

  private static long leftovers() throws IOException {
    try (Stream<Path> files = Files.list(coffer.root().resolve("bootstrap"))) {
      return files.count();
    }
  }
}

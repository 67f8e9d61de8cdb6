package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The engine: born clean, one for a data root, gone when asked, and replaceable under running
 * containers.
 */
class EngineLifeIT {

  @Test
  void itIsBornCleanWhoeverCallsFirst() throws IOException {
    try (Coffer coffer = Coffer.open()) {
      Coffer.finish(
              coffer.start(Map.of("JAVA_TOOL_OPTIONS", "-Dx=y", "SECRET", "s"), "version"),
              new byte[0])
          .ok();
      Path process = Path.of("/proc", Long.toString(coffer.enginePid()));
      String environment = Files.readString(process.resolve("environ"));
      assertThat(environment).doesNotContain("JAVA_TOOL_OPTIONS").doesNotContain("SECRET");
      assertThat(process.resolve("cwd").toRealPath()).isEqualTo(Path.of("/"));
      String[] stat = Files.readString(process.resolve("stat")).split(" ");
      assertThat(stat[5]).as("session").isEqualTo(stat[4]).isNotEqualTo(session("self"));
      assertThat(stat[6]).as("controlling terminal").isEqualTo("0");
      assertThat(process.resolve("fd/0").toRealPath()).isEqualTo(Path.of("/dev/null"));
      List<String> status = Files.readAllLines(process.resolve("status"));
      assertThat(status).anyMatch(line -> line.matches("Umask:\\s*0022"));
    }
  }

  /** An environment that was kept on the way to root names it, and it names programs to run. */
  @Test
  void theDataRootOfAnotherUserIsNotUsed() throws Exception {
    try (Coffer coffer = Coffer.open()) {
      give(coffer.root(), "1000");
      Coffer.Result refused = coffer.run("ps", "-q");
      give(coffer.root(), "0");
      assertThat(refused.exitCode()).isEqualTo(125);
      assertThat(refused.err()).contains("\"" + coffer.root() + "\": it belongs to user 1000");
      coffer.run("ps", "-q").ok();
    }
  }

  private static void give(Path directory, String user) throws Exception {
    Process chown = new ProcessBuilder("chown", user, directory.toString()).start();
    assertThat(chown.waitFor()).isZero();
  }

  private static String session(String process) throws IOException {
    return Files.readString(Path.of("/proc", process, "stat")).split(" ")[5];
  }

  @Test
  void tenFirstCallersStartOneEngine() throws Exception {
    try (Coffer coffer = Coffer.open();
        ExecutorService callers = Executors.newFixedThreadPool(10)) {
      List<Future<Coffer.Result>> versions = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        versions.add(callers.submit(() -> coffer.run("ps", "-q")));
      }
      for (Future<Coffer.Result> version : versions) {
        version.get().ok();
      }
      long engines =
          ProcessHandle.allProcesses()
              .filter(
                  one ->
                      one.info()
                          .arguments()
                          .map(List::of)
                          .orElse(List.of())
                          .contains(coffer.root().toString()))
              .count();
      assertThat(engines).isEqualTo(1);
    }
  }

  @Test
  void containersOutliveIt() {
    try (Coffer coffer = Coffer.open()) {
      coffer
          .run(
              "run",
              "-d",
              "--name",
              "cc",
              "busybox",
              "sh",
              "-c",
              "while :; do date; sleep 0.1; done")
          .ok();
      String pid = coffer.run("inspect", "-f", "{{.State.Pid}}", "cc").ok().line();
      long engine = coffer.enginePid();
      coffer.run("engine", "restart").ok();
      assertThat(coffer.enginePid()).isNotEqualTo(engine).isPositive();
      assertThat(coffer.run("inspect", "-f", "{{.State.Pid}}", "cc").ok().line()).isEqualTo(pid);
      assertThat(coffer.run("exec", "cc", "echo", "alive").ok().line()).isEqualTo("alive");
      coffer.run("stop", "-t", "0", "cc").ok();
      assertThat(coffer.run("inspect", "-f", "{{.State.ExitCode}}", "cc").ok().line())
          .isEqualTo("137");
    }
  }

  @Test
  void anEndWhileNoEngineRunsIsRecorded() {
    try (Coffer coffer = Coffer.open()) {
      coffer.run("run", "-d", "--name", "cc", "busybox", "sh", "-c", "sleep 1; exit 3").ok();
      ProcessHandle.of(coffer.enginePid()).ifPresent(ProcessHandle::destroyForcibly);
      assertThat(coffer.run("wait", "cc").ok().line()).isEqualTo("3");
    }
  }

  @Test
  void badRootsAreRefusedClearly() throws IOException {
    try (Coffer coffer = Coffer.open()) {
      Path file = Files.writeString(coffer.directory().resolve("file"), "");
      coffer.run("--root", file.toString(), "ps").fails(125, file.toString());
      coffer.run("--root").fails(125, "--root");
    }
  }
}

package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Interactive use: raw mode, window size, Ctrl-C, detaching, job control, and the terminal as it
 * was afterwards.
 */
class TerminalIT {

  private static Coffer coffer;

  @BeforeAll
  static void open() {
    coffer = Coffer.open();
    coffer.run("run", "--rm", "busybox", "true").ok();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @Test
  void aShellInAContainerIsAShell() {
    try (Terminal terminal = new Terminal(coffer)) {
      terminal.type("coffer run -it --rm --name shell busybox sh\n");
      terminal.waitFor("/ # ");
      terminal.type("tty; stty size; echo $(( 6 * 7 ))\n");
      terminal.waitFor("/dev/pts/0\n30 100\n42");
      terminal.type("sleep 100\n");
      Coffer.eventually(() -> coffer.run("top", "shell").out().contains("sleep 100"));
      terminal.type("\003");
      terminal.waitFor("\\^C\n/ # ");
      terminal.type("exit 5\n");
      terminal.waitFor("host\\$ ");
      terminal.type("echo code=$?; stty -a | grep -o ' icanon\\| echo ' | tr -d '\\n'; echo\n");
      terminal.waitFor("code=5\n icanon echo ");
    }
  }

  @Test
  void detachKeysLeaveItRunningAndAttachComesBack() {
    try (Terminal terminal = new Terminal(coffer)) {
      terminal.type("coffer run -it --name kept busybox sh\n");
      terminal.waitFor("/ # ");
      terminal.type("X=remembered\n");
      terminal.type("\020\021");
      terminal.waitFor("host\\$ ");
      assertThat(coffer.run("inspect", "-f", "{{.State.Running}}", "kept").ok().line())
          .isEqualTo("true");
      terminal.clear();
      terminal.type("coffer attach kept\n");
      terminal.type("echo $X\n");
      terminal.waitFor("^remembered");
      terminal.type("exit\n");
      terminal.waitFor("host\\$ ");
      coffer.run("rm", "kept").ok();
    }
  }

  @Test
  void execGivesASecondTerminal() {
    coffer.run("run", "-d", "--name", "second", "busybox", "sleep", "1000").ok();
    try (Terminal terminal = new Terminal(coffer)) {
      terminal.type("coffer exec -it second sh\n");
      terminal.waitFor("/ # ");
      terminal.type("stty size\n");
      terminal.waitFor("30 100");
      terminal.type("exit 3\n");
      terminal.waitFor("host\\$ ");
      terminal.type("echo code=$?\n");
      terminal.waitFor("code=3");
    }
    coffer.run("rm", "-f", "second").ok();
  }

  @Test
  void theWindowSizeFollows() {
    try (Terminal terminal = new Terminal(coffer)) {
      terminal.type(
          "coffer run -it --rm --name sized busybox sh -c 'trap \"stty size\" WINCH; echo up; while :; do sleep 0.1; done'\n");
      terminal.waitFor("^up");
      resize(40, 120);
      terminal.waitFor("40 120");
      coffer.run("kill", "sized").ok();
      terminal.waitFor("host\\$ ");
    }
  }

  @Test
  void theTerminalIsRestoredWhenTheEngineDies() {
    try (Terminal terminal = new Terminal(coffer)) {
      terminal.type("coffer run -it --rm busybox sh\n");
      terminal.waitFor("/ # ");
      ProcessHandle.of(coffer.enginePid()).ifPresent(ProcessHandle::destroyForcibly);
      terminal.type("echo still''here\n");
      terminal.waitFor("^stillhere");
      terminal.type("exit 7\n");
      terminal.waitFor("host\\$ ");
      terminal.type("echo code=$?; stty -a | grep -o ' icanon\\| echo ' | tr -d '\\n'; echo\n");
      terminal.waitFor("code=7\n icanon echo ");
    }
  }

  @Test
  void aTerminalIsAskedForWhereThereIsNone() {
    coffer.run("run", "--rm", "-it", "busybox", "true").fails(1, "not a TTY");
  }

  @Test
  void ctrlCReachesAContainerWithoutATerminal() {
    try (Terminal terminal = new Terminal(coffer)) {
      terminal.type(
          "coffer run --rm busybox sh -c 'trap \"echo caught; exit 4\" INT; echo up; while :; do sleep 0.1; done'\n");
      terminal.waitFor("^up");
      terminal.type("\003");
      terminal.waitFor("caught\n");
      terminal.type("echo code=$?\n");
      terminal.waitFor("code=4");
    }
  }

  /** Sets the size of the terminal that the launcher of the container "sized" has. */
  private static void resize(int rows, int columns) {
    ProcessHandle launcher =
        ProcessHandle.allProcesses()
            .filter(one -> one.info().commandLine().orElse("").contains("--name sized"))
            .filter(one -> one.info().command().orElse("").equals(coffer.binary().toString()))
            .findFirst()
            .orElseThrow();
    Process stty;
    try {
      stty =
          new ProcessBuilder(
                  "stty",
                  "-F",
                  "/proc/" + launcher.pid() + "/fd/0",
                  "rows",
                  "" + rows,
                  "cols",
                  "" + columns)
              .start();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Coffer.finish(stty, new byte[0]).ok();
  }
}

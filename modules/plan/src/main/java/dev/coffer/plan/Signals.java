package dev.coffer.plan;

import java.util.List;

/** Names of signals, by number (signal(7); the same on both machines). */
final class Signals {
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  static String name(int signal) {
    String name = signal >= 1 && signal <= NAMES.size() ? "SIG" + NAMES.get(signal - 1) : "";
    return switch (name) {
      case "" -> "signal " + signal;
      case "SIGSYS" -> "SIGSYS (its own seccomp filter forbids a call that starting needs)";
      case "SIGKILL" -> "SIGKILL (perhaps the memory limit is too low to start)";
      default -> name;
    };
  }
}

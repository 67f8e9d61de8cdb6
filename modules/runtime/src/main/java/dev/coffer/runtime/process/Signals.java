package dev.coffer.runtime.process;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Signals by name and number as on x86-64 and aarch64, see {@code signal(7)}. */
public final class Signals {

  /** Reaches nobody: what fails with it would fail with any. */
  public static final int NONE = 0;

  /** Cannot be caught. */
  public static final int KILL = 9;

  /** What {@code stop} sends when neither user nor image chose. */
  public static final int TERM = 15;

  private static final int REALTIME_FIRST = 34;
  private static final int REALTIME_LAST = 64;

  private static final String[] NAMES = {
    "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };

  private static final Map<String, Integer> NUMBERS = numbers();

  private Signals() {}

  /**
   * The number of a signal given as {@code TERM}, {@code SIGTERM}, {@code RTMIN+1} or {@code 15}.
   */
  public static Optional<Integer> parse(String text) {
    if (!text.isEmpty() && text.length() <= 2 && text.chars().allMatch(Character::isDigit)) {
      int number = Integer.parseInt(text);
      return number >= 1 && number <= REALTIME_LAST ? Optional.of(number) : Optional.empty();
    }
    String name = text.toUpperCase(Locale.ROOT);
    return Optional.ofNullable(NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name));
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new TreeMap<>();
    for (int i = 1; i < NAMES.length; i++) {
      numbers.put(NAMES[i], i);
    }
    numbers.put("IOT", 6);
    numbers.put("CLD", 17);
    numbers.put("POLL", 29);
    numbers.put("RTMIN", REALTIME_FIRST);
    numbers.put("RTMAX", REALTIME_LAST);
    for (int i = 1; i <= 15; i++) {
      numbers.put("RTMIN+" + i, REALTIME_FIRST + i);
    }
    for (int i = 1; i <= 14; i++) {
      numbers.put("RTMAX-" + i, REALTIME_LAST - i);
    }
    return numbers;
  }
}

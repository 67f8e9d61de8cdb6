package dev.coffer.conformance.oci;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a command says inside a container, on both of its streams.
 *
 * @param command words of the busybox shell
 * @param expected what it says, or a regular expression for all of it
 * @param deviation why the older runc says something else
 */
record Fact(
    String name,
    String command,
    String expected,
    boolean isPattern,
    Optional<Deviation> deviation) {

  static Fact says(String command, String expected) {
    return new Fact(command, command, expected, false, Optional.empty());
  }

  static Fact says(String name, String command, String expected) {
    return new Fact(name, command, expected, false, Optional.empty());
  }

  static Fact matches(String command, String regularExpression) {
    return new Fact(command, command, regularExpression, true, Optional.empty());
  }

  /** A line of {@code /proc/self/status}. */
  static Fact status(String field, String expected) {
    return says(
        "status " + field,
        "sed -n 's/^" + field + ":[ \\t]*//p' /proc/self/status | sed 's/[ \\t]*$//'",
        expected);
  }

  /** That a command of the shell is refused: with which words is not the kernel's to say. */
  static Fact refused(String command) {
    return says("refused: " + command, "(" + command + ") >/dev/null 2>&1 || echo no", "no");
  }

  static Fact allowed(String command) {
    return says("allowed: " + command, "(" + command + ") && echo yes", "yes");
  }

  Fact except(Deviation deviation) {
    return new Fact(name, command, expected, isPattern, Optional.of(deviation));
  }

  boolean isTrueOf(String said) {
    return isPattern
        ? Pattern.compile(expected, Pattern.DOTALL).matcher(said).matches()
        : said.equals(expected);
  }
}

package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * What one command of the runtime did.
 *
 * @param exitCode its exit code; 128 and the signal when it died of one
 * @param log what it wrote to the file of {@code --log}, a JSON object a line
 */
record Result(List<String> command, int exitCode, String out, String err, String log) {

  Result ok() {
    assertThat(exitCode).as("exit code of %s", this).isZero();
    return this;
  }

  Result exits(int code) {
    assertThat(exitCode).as("exit code of %s", this).isEqualTo(code);
    return this;
  }

  /** Asserts a failure that says these words in any case, and that is no crash. */
  Result fails(String... words) {
    assertThat(exitCode).as("exit code of %s", this).isNotZero();
    assertThat(exitCode).as("no signal's end: %s", this).matches(code -> code < 128 || code > 192);
    String said = (err + log).toLowerCase(java.util.Locale.ROOT);
    assertThat(said).as("%s", this).isNotBlank();
    assertThat(said)
        .doesNotContain("goroutine")
        .doesNotContain("\tat ")
        .doesNotContain("nullpoint");
    assertThat(List.of(words)).as("words in: %s", said).allMatch(said::contains);
    return this;
  }

  String line() {
    return out.strip();
  }

  List<String> lines() {
    return out.lines().toList();
  }

  /** The value of a line {@code name: value} or {@code name=value}, empty when there is none. */
  String value(String name) {
    return out.lines()
        .filter(line -> line.startsWith(name + ":") || line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public String toString() {
    return "%s: exit %d, output: %s, error: %s, log: %s"
        .formatted(String.join(" ", command), exitCode, out.strip(), err.strip(), log.strip());
  }
}

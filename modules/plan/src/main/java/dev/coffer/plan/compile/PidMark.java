package dev.coffer.plan.compile;

import java.util.List;
import java.util.regex.Pattern;

/** Where a state is to have a pid that is known only when the plan runs. */
final class PidMark {
  /** A pid that no process has. */
  static final int PID = Integer.MAX_VALUE;

  // Within a string the quotes would be escaped, so nothing else reads like this.
  private static final Pattern MARKED = Pattern.compile("(?<=\"pid\":)" + PID);

  private PidMark() {}

  /** The text around the marks: where one part ends and the next begins, the pid is put in. */
  static List<String> parts(String json) {
    return List.of(MARKED.split(json, -1));
  }
}

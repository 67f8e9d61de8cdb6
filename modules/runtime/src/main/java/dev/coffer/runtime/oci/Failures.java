package dev.coffer.runtime.oci;

import dev.coffer.runtime.monitor.StartException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why something failed, in one line for the caller. */
final class Failures {
  /** How much of a hook's output an error quotes. */
  private static final int LONGEST_OUTPUT = 2048;

  private static final Pattern HOOK = Pattern.compile("run (?=[A-Za-z]+ hook #)");

  private Failures() {}

  static String message(Exception cause, StateDirectory directory) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return cause instanceof StartException ? withHookOutput(message, directory) : message;
  }

  /** A hook's failure with what the hook itself had to say. */
  static String withHookOutput(String message, StateDirectory directory) {
    Matcher hook = HOOK.matcher(message);
    if (!hook.lookingAt()) {
      return message;
    }
    // By these words users of other runtimes know it.
    String failure = hook.replaceFirst("error running ");
    try {
      String output = directory.hookOutput().strip();
      int from = Math.max(0, output.length() - LONGEST_OUTPUT);
      return output.isEmpty()
          ? failure
          : failure + ", output: " + output.substring(from).replace("\n", "; ");
    } catch (IOException e) {
      return failure;
    }
  }
}

package dev.coffer.cli.format;

/** Where in the program a failure arose, for who asked with {@code --debug}. */
public final class Places {
  private Places() {}

  /** The places of a failure, and the failures that caused it. */
  public static String of(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      text.append(each).append('\n');
      for (StackTraceElement place : each.getStackTrace()) {
        text.append("  at ").append(place).append('\n');
      }
    }
    return text.toString();
  }
}

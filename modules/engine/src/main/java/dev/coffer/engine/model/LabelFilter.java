package dev.coffer.engine.model;

import java.util.Map;

/** What a filter's value says of labels. */
public final class LabelFilter {

  private LabelFilter() {}

  /**
   * Whether labels are as a filter wants them.
   *
   * @param wanted {@code NAME}: one of that name; {@code NAME=VALUE}: with that value
   */
  public static boolean matches(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    String actual = labels.get(equals < 0 ? wanted : wanted.substring(0, equals));
    return actual != null && (equals < 0 || actual.equals(wanted.substring(equals + 1)));
  }
}

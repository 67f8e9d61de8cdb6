package dev.coffer.engine.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins environments: later entries win in the place of earlier ones. */
public final class Environment {

  /** What a container finds programs by when its image does not say. */
  public static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Environment() {}

  /**
   * Joins lists of {@code NAME=value}. A bare {@code NAME} in a later list removes the variable;
   * what has no name is dropped.
   */
  @SafeVarargs
  public static List<String> join(List<String>... lists) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (List<String> list : lists) {
      for (String entry : list) {
        int equals = entry.indexOf('=');
        if (equals < 0) {
          variables.remove(entry);
        } else if (equals > 0) {
          variables.put(entry.substring(0, equals), entry);
        }
      }
    }
    return new ArrayList<>(variables.values());
  }
}

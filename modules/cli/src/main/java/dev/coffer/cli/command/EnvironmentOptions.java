package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code --env-file} and {@code -e}, which wins. */
final class EnvironmentOptions {

  private EnvironmentOptions() {}

  /**
   * The entries for the engine. A bare name takes the caller's value; when the caller has none,
   * {@code -e NAME} removes the variable and a file's line is skipped.
   */
  static List<String> of(EngineRequest request, List<String> files, List<String> given)
      throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : CallerInput.entries(request.files(), files)) {
      if (entry.indexOf('=') >= 0 || request.environment().containsKey(entry)) {
        entries.add(withValue(request, entry));
      }
    }
    for (String entry : given) {
      entries.add(withValue(request, entry));
    }
    return entries;
  }

  private static String withValue(EngineRequest request, String entry) {
    String value = entry.indexOf('=') < 0 ? request.environment().get(entry) : null;
    return value == null ? entry : entry + "=" + value;
  }
}

package dev.coffer.cli.command;

import dev.coffer.cli.request.CallerFiles;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code --security-opt}: profiles are read here, because only here the caller's files are at hand.
 */
final class SecurityOptions {

  private static final String NO_NEW_PRIVILEGES = "no-new-privileges";

  private SecurityOptions() {}

  static List<String> of(CallerFiles files, List<String> given) throws IOException {
    List<String> options = new ArrayList<>();
    for (String option : given) {
      options.add(one(files, option));
    }
    return options;
  }

  private static String one(CallerFiles files, String option) throws IOException {
    int split = option.indexOf('=') >= 0 ? option.indexOf('=') : option.indexOf(':');
    if (split < 0) {
      if (option.equals(NO_NEW_PRIVILEGES)) {
        return option;
      }
      throw new IllegalArgumentException("invalid --security-opt: \"" + option + "\"");
    }
    String name = option.substring(0, split);
    String value = option.substring(split + 1);
    if (name.equals("seccomp") && !value.equals("unconfined") && !value.equals("builtin")) {
      return "seccomp=" + profile(files, value);
    }
    return name + "=" + value;
  }

  private static String profile(CallerFiles files, String path) throws IOException {
    try {
      return Json.write(Json.parse(CallerInput.read(files, path), Limits.CONFIG));
    } catch (SpecException e) {
      throw new IllegalArgumentException(
          "cannot use seccomp profile \"" + path + "\": " + e.getMessage(), e);
    }
  }
}

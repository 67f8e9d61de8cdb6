package dev.coffer.cli.value;

import java.util.ArrayList;
import java.util.List;

/**
 * The format of {@code --env-file} and {@code --label-file}: a {@code NAME=value} or a bare {@code
 * NAME} on each line; empty lines and lines that start with {@code #} are skipped. Nothing is
 * unquoted.
 */
public final class KeyValueFile {

  private KeyValueFile() {}

  /**
   * The entries as written.
   *
   * @param name the file's name, for messages
   * @throws IllegalArgumentException when a line has no name or a name has white space
   */
  public static List<String> parse(String name, String content) {
    List<String> entries = new ArrayList<>();
    int number = 0;
    String text = content.startsWith("\uFEFF") ? content.substring(1) : content;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = stripReturn(raw).stripLeading();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      String key = equals < 0 ? line : line.substring(0, equals);
      if (key.isEmpty()) {
        throw invalid(name, number, "no variable name on line '" + line + "'");
      }
      if (key.chars().anyMatch(Character::isWhitespace)) {
        throw invalid(name, number, "variable '" + key + "' contains whitespaces");
      }
      entries.add(line);
    }
    return entries;
  }

  private static String stripReturn(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private static IllegalArgumentException invalid(String name, int number, String reason) {
    return new IllegalArgumentException(
        "invalid environment file \"%s\", line %d: %s".formatted(name, number, reason));
  }
}

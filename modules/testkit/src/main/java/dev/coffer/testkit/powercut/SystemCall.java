package dev.coffer.testkit.powercut;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system call as {@code strace -xx -y} prints it: all strings and paths are in hexadecimal, so
 * that brackets, commas and quotes mean only what they seem to.
 */
record SystemCall(String name, List<String> arguments, long result, String resultPath) {
  private static final Pattern LINE =
      Pattern.compile("(\\w+)\\((.*)\\)\\s+= (-?\\d+)(?:<([^>]*)>)?.*");
  private static final Pattern COMMENT = Pattern.compile(" ?/\\*.*?\\*/");
  private static final Pattern DESCRIPTOR = Pattern.compile("(AT_FDCWD|\\d+)<([^>]*)>(.*)");

  /** An open file as an argument. Its path is empty when it has no name any more. */
  record Descriptor(String number, Optional<String> path) {}

  /** Empty for lines that tell of signals, exits and calls that never returned. */
  static Optional<SystemCall> parse(String line) {
    Matcher matcher = LINE.matcher(COMMENT.matcher(line).replaceAll(""));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String path = matcher.group(4) == null ? "" : decode(matcher.group(4));
    return Optional.of(
        new SystemCall(
            matcher.group(1), split(matcher.group(2)), Long.parseLong(matcher.group(3)), path));
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(text.substring(start, i).strip());
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  boolean succeeded() {
    return result >= 0;
  }

  String argument(int index) {
    return arguments.get(index);
  }

  /** A string argument's bytes. */
  String text(int index) {
    String argument = argument(index);
    if (!argument.startsWith("\"") || !argument.endsWith("\"")) {
      throw new IllegalArgumentException("not a whole string: " + argument + " of " + name);
    }
    return decode(argument.substring(1, argument.length() - 1));
  }

  long number(int index) {
    return Long.decode(argument(index));
  }

  int mode(int index) {
    int mode = 0;
    for (String part : argument(index).split("\\|")) {
      mode |=
          switch (part) {
            case "S_IFREG" -> 0100000;
            case "S_IFCHR" -> 0020000;
            case "S_IFBLK" -> 0060000;
            case "S_IFIFO" -> 0010000;
            case "S_ISUID" -> 04000;
            case "S_ISGID" -> 02000;
            case "S_ISVTX" -> 01000;
            default -> Integer.parseInt(part, 8);
          };
    }
    return mode;
  }

  boolean has(int index, String flag) {
    return List.of(argument(index).split("\\|")).contains(flag);
  }

  Descriptor descriptor(int index) {
    Matcher matcher = DESCRIPTOR.matcher(argument(index));
    if (!matcher.matches()) {
      return new Descriptor(argument(index), Optional.empty());
    }
    String path = decode(matcher.group(2));
    boolean named = matcher.group(3).isEmpty() && !path.endsWith(" (deleted)");
    return new Descriptor(matcher.group(1), named ? Optional.of(path) : Optional.empty());
  }

  private static String decode(String hex) {
    if (!hex.matches("(\\\\x[0-9a-f]{2})*")) {
      return hex;
    }
    StringBuilder text = new StringBuilder(hex.length() / 4);
    for (int i = 0; i < hex.length(); i += 4) {
      text.append((char) Integer.parseInt(hex, i + 2, i + 4, 16));
    }
    return text.toString();
  }
}

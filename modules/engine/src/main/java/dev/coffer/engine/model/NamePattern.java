package dev.coffer.engine.model;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for names of images as Docker's users write them: {@code *} and {@code ?} stand for
 * anything but a slash, {@code [a-z]} for one of several characters, and a backslash takes a
 * character as it is.
 *
 * <p>Source: Go's package path, function Match.
 */
public final class NamePattern {

  private final Pattern pattern;

  private NamePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * A pattern.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static NamePattern parse(String text) {
    StringBuilder expression = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      switch (c) {
        case '*' -> expression.append("[^/]*");
        case '?' -> expression.append("[^/]");
        case '[' -> at = appendClass(expression, text, at);
        case '\\' -> expression.append(literal(character(text, ++at)));
        default -> expression.append(literal(c));
      }
    }
    try {
      return new NamePattern(Pattern.compile(expression.toString()));
    } catch (PatternSyntaxException range) {
      throw malformed(text);
    }
  }

  /** Appends a class of characters, and gives the index of its end. */
  private static int appendClass(StringBuilder expression, String text, int begin) {
    int at = begin + 1;
    expression.append('[');
    if (character(text, at) == '^') {
      expression.append('^');
      at++;
    }
    for (int first = at; character(text, at) != ']' || at == first; at++) {
      char c = text.charAt(at);
      if (c == '-') {
        expression.append(c);
      } else {
        expression.append(literal(c == '\\' ? character(text, ++at) : c));
      }
    }
    expression.append(']');
    return at;
  }

  private static String literal(char c) {
    return Character.isLetterOrDigit(c) ? String.valueOf(c) : "\\" + c;
  }

  private static char character(String text, int at) {
    if (at >= text.length()) {
      throw malformed(text);
    }
    return text.charAt(at);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("syntax error in pattern \"" + text + "\"");
  }

  /** Whether it stands for the whole of a name. */
  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }
}

package dev.coffer.cli.template;

import dev.coffer.cli.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into tokens; {@code {{-} and {@code -}}} take away the white space beside them.
 */
final class Lexer {

  private static final String LEFT = "{{";
  private static final String RIGHT = "}}";
  private static final String WHITE = " \t\r\n";

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    boolean trimStart = false;
    while (true) {
      int open = source.indexOf(LEFT, at);
      String text = source.substring(at, open < 0 ? source.length() : open);
      boolean trimEnd = open >= 0 && trimMarker(open + LEFT.length());
      text(text, trimStart, trimEnd);
      if (open < 0) {
        add(Kind.END, "", false);
        return;
      }
      at = open + LEFT.length() + (trimEnd ? 1 : 0);
      trimStart = atComment() ? comment() : action();
    }
  }

  private boolean trimMarker(int position) {
    return position + 1 < source.length()
        && source.charAt(position) == '-'
        && isWhite(source.charAt(position + 1));
  }

  private void text(String text, boolean trimStart, boolean trimEnd) {
    String left = trimStart ? text.stripLeading() : text;
    String kept = trimEnd ? left.stripTrailing() : left;
    if (!kept.isEmpty()) {
      add(Kind.TEXT, kept, false);
    }
  }

  private boolean atComment() {
    return source.startsWith("/*", at + whiteFrom(at));
  }

  /** Skips a comment; answers whether its end trims what follows. */
  private boolean comment() {
    int end = source.indexOf("*/", at);
    if (end < 0) {
      throw new TemplateException("unclosed comment");
    }
    at = end + 2;
    boolean spaced = skipWhite();
    boolean trims = spaced && source.startsWith("-" + RIGHT, at);
    at += trims ? 1 : 0;
    if (!source.startsWith(RIGHT, at)) {
      throw new TemplateException("comment ends before closing delimiter");
    }
    at += RIGHT.length();
    return trims;
  }

  /** Reads an action up to its end; answers whether the end trims what follows. */
  private boolean action() {
    add(Kind.OPEN, LEFT, false);
    while (true) {
      boolean spaced = skipWhite();
      if (at >= source.length()) {
        throw new TemplateException("unclosed action");
      }
      if (spaced && source.startsWith("-" + RIGHT, at)) {
        at += 1 + RIGHT.length();
        add(Kind.CLOSE, RIGHT, spaced);
        return true;
      }
      if (source.startsWith(RIGHT, at)) {
        at += RIGHT.length();
        add(Kind.CLOSE, RIGHT, spaced);
        return false;
      }
      inside(spaced);
    }
  }

  private boolean skipWhite() {
    int length = whiteFrom(at);
    at += length;
    return length > 0;
  }

  private int whiteFrom(int start) {
    int end = start;
    while (end < source.length() && isWhite(source.charAt(end))) {
      end++;
    }
    return end - start;
  }

  private void inside(boolean spaced) {
    char c = source.charAt(at);
    switch (c) {
      case '"' -> quoted(spaced);
      case '`' -> raw(spaced);
      case '\'' -> character(spaced);
      case '(' -> single(Kind.LEFT_PARENTHESIS, spaced);
      case ')' -> single(Kind.RIGHT_PARENTHESIS, spaced);
      case '|' -> single(Kind.PIPE, spaced);
      case ',' -> single(Kind.COMMA, spaced);
      case '=' -> single(Kind.ASSIGN, spaced);
      case ':' -> declare(spaced);
      case '.' -> dot(spaced);
      case '$' -> word(Kind.VARIABLE, 1, spaced);
      default -> other(c, spaced);
    }
  }

  private void other(char c, boolean spaced) {
    if (isDigit(c) || ((c == '-' || c == '+') && isDigit(peek(1)))) {
      number(spaced);
    } else if (isWord(c)) {
      word(Kind.IDENTIFIER, 0, spaced);
    } else {
      throw new TemplateException("unexpected \"" + c + "\" in " + quote(source));
    }
  }

  private void single(Kind kind, boolean spaced) {
    add(kind, source.substring(at, at + 1), spaced);
    at++;
  }

  private void declare(boolean spaced) {
    if (peek(1) != '=') {
      throw new TemplateException("expected :=");
    }
    add(Kind.DECLARE, ":=", spaced);
    at += 2;
  }

  private void dot(boolean spaced) {
    if (isDigit(peek(1))) {
      number(spaced);
    } else if (isWord(peek(1))) {
      at++;
      word(Kind.FIELD, 0, spaced);
    } else {
      single(Kind.DOT, spaced);
    }
  }

  private void word(Kind kind, int prefix, boolean spaced) {
    int start = at;
    at += prefix;
    while (at < source.length() && isWord(source.charAt(at))) {
      at++;
    }
    add(kind, source.substring(start, at), spaced);
  }

  private void number(boolean spaced) {
    int start = at++;
    while (at < source.length() && (isWord(source.charAt(at)) || source.charAt(at) == '.')) {
      at++;
    }
    add(Kind.NUMBER, source.substring(start, at), spaced);
  }

  private void quoted(boolean spaced) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != '"') {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateException("unterminated quoted string");
    }
    add(Kind.STRING, GoText.unquote(source.substring(at + 1, end)), spaced);
    at = end + 1;
  }

  private void raw(boolean spaced) {
    int end = source.indexOf('`', at + 1);
    if (end < 0) {
      throw new TemplateException("unterminated raw quoted string");
    }
    add(Kind.STRING, source.substring(at + 1, end), spaced);
    at = end + 1;
  }

  private void character(boolean spaced) {
    int end = source.indexOf('\'', peek(1) == '\\' ? at + 3 : at + 1);
    if (end < 0) {
      throw new TemplateException("unterminated character constant");
    }
    add(Kind.CHARACTER, GoText.unquote(source.substring(at + 1, end)), spaced);
    at = end + 1;
  }

  private char peek(int distance) {
    return at + distance < source.length() ? source.charAt(at + distance) : 0;
  }

  private void add(Kind kind, String text, boolean spaced) {
    tokens.add(new Token(kind, text, spaced));
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }

  private static boolean isWhite(char c) {
    return WHITE.indexOf(c) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}

package dev.coffer.cli.template;

/**
 * A piece of a template.
 *
 * @param text the piece's text; of a string or a character its value
 * @param spaced whether white space stands before it, which separates arguments
 */
record Token(Kind kind, String text, boolean spaced) {

  enum Kind {
    /** Text outside of actions. */
    TEXT,
    /** The start of an action. */
    OPEN,
    /** The end of an action. */
    CLOSE,
    /** A keyword, a function's name, {@code true}, {@code false} or {@code nil}. */
    IDENTIFIER,
    /** {@code .Name}; the text is without the dot. */
    FIELD,
    /** A dot alone. */
    DOT,
    /** {@code $name}; the text is with the dollar sign. */
    VARIABLE,
    STRING,
    NUMBER,
    CHARACTER,
    LEFT_PARENTHESIS,
    RIGHT_PARENTHESIS,
    PIPE,
    COMMA,
    DECLARE,
    ASSIGN,
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }
}

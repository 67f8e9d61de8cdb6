package dev.coffer.cli.template;

import java.util.List;

/** A part of a parsed template. */
sealed interface Node {

  /** Text that stands for itself. */
  record Text(String text) implements Node {}

  /** An action that prints its value, unless it sets a variable. */
  record Print(Pipeline pipeline) implements Node {}

  record If(Pipeline condition, List<Node> then, List<Node> otherwise) implements Node {}

  record With(Pipeline value, List<Node> then, List<Node> otherwise) implements Node {}

  /** A loop; its pipeline may declare one variable (the element) or two (index and element). */
  record Range(Pipeline values, List<Node> body, List<Node> otherwise) implements Node {}

  record Break() implements Node {}

  record Continue() implements Node {}

  /**
   * Calls of which each gets the one before as its last argument.
   *
   * @param variables names that take the value, with their dollar signs
   * @param declares whether the variables are new
   */
  record Pipeline(List<String> variables, boolean declares, List<Call> calls) {}

  /** A function or value with its arguments. */
  record Call(List<Expression> words) {}

  /** Something that has a value. */
  sealed interface Expression {

    /** The text for messages. */
    String show();
  }

  record Dot() implements Expression {
    @Override
    public String show() {
      return ".";
    }
  }

  record Nil() implements Expression {
    @Override
    public String show() {
      return "nil";
    }
  }

  record Constant(Object value) implements Expression {
    @Override
    public String show() {
      return value instanceof String text ? GoText.quote(text) : String.valueOf(value);
    }
  }

  record Variable(String name) implements Expression {
    @Override
    public String show() {
      return name;
    }
  }

  record Function(String name) implements Expression {
    @Override
    public String show() {
      return name;
    }
  }

  record Field(Expression of, String name) implements Expression {
    @Override
    public String show() {
      return (of instanceof Dot ? "" : of.show()) + "." + name;
    }
  }

  record Nested(Pipeline pipeline) implements Expression {
    @Override
    public String show() {
      return "(…)";
    }
  }
}

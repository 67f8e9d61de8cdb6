package dev.coffer.cli.template;

import dev.coffer.cli.template.Node.Call;
import dev.coffer.cli.template.Node.Expression;
import dev.coffer.cli.template.Node.Pipeline;
import dev.coffer.cli.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Builds the tree of a template; unknown functions and variables are found here, not when it runs.
 */
final class TemplateParser {

  private static final Set<String> NOT_SUPPORTED = Set.of("define", "template", "block", "call");

  /** Templates come from the user, but also from scripts that were handed them. */
  private static final int DEEPEST = 200;

  private final List<Token> tokens;
  private final Set<String> variables = new HashSet<>(Set.of("$"));
  private int at;
  private int depth;
  private int loops;

  private TemplateParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static List<Node> parse(String source) {
    TemplateParser parser = new TemplateParser(Lexer.tokens(source));
    Body body = parser.body();
    if (body.terminator != Terminator.END_OF_TEXT) {
      throw new TemplateException("unexpected {{" + body.terminator.word + "}}");
    }
    return body.nodes;
  }

  private enum Terminator {
    END_OF_TEXT("EOF"),
    END("end"),
    ELSE("else");

    private final String word;

    Terminator(String word) {
      this.word = word;
    }
  }

  private record Body(List<Node> nodes, Terminator terminator) {}

  /** Nodes up to an end, an else (of which only the word is taken) or the end of the text. */
  private Body body() {
    List<Node> nodes = new ArrayList<>();
    while (true) {
      Token token = take();
      if (token.is(Kind.END)) {
        return new Body(nodes, Terminator.END_OF_TEXT);
      }
      if (token.is(Kind.TEXT)) {
        nodes.add(new Node.Text(token.text()));
        continue;
      }
      Token first = peek();
      if (takeWord("end")) {
        expect(Kind.CLOSE, "end");
        return new Body(nodes, Terminator.END);
      }
      if (takeWord("else")) {
        return new Body(nodes, Terminator.ELSE);
      }
      nodes.add(action(first));
    }
  }

  private Node action(Token first) {
    if (first.is(Kind.IDENTIFIER)) {
      switch (first.text()) {
        case "if", "with", "range" -> {
          at++;
          return control(first.text());
        }
        case "break", "continue" -> {
          at++;
          return jump(first.text());
        }
        default -> refuse(first.text());
      }
    }
    Pipeline pipeline = pipeline("command");
    expect(Kind.CLOSE, "command");
    return new Node.Print(pipeline);
  }

  private static void refuse(String word) {
    if (NOT_SUPPORTED.contains(word)) {
      throw new TemplateException("not supported in templates: " + word);
    }
  }

  private void descend() {
    if (++depth > DEEPEST) {
      throw new TemplateException("nested too deeply");
    }
  }

  private Node jump(String word) {
    if (loops == 0) {
      throw new TemplateException("{{" + word + "}} outside {{range}}");
    }
    expect(Kind.CLOSE, word);
    return word.equals("break") ? new Node.Break() : new Node.Continue();
  }

  private Node control(String word) {
    descend();
    Set<String> outer = Set.copyOf(variables);
    Pipeline pipeline = pipeline(word);
    expect(Kind.CLOSE, word);
    loops += word.equals("range") ? 1 : 0;
    Body then = body();
    loops -= word.equals("range") ? 1 : 0;
    List<Node> otherwise = List.of();
    if (then.terminator == Terminator.ELSE) {
      otherwise = otherwise(word);
    } else if (then.terminator == Terminator.END_OF_TEXT) {
      throw new TemplateException("unexpected EOF: {{" + word + "}} without {{end}}");
    }
    variables.retainAll(outer);
    depth--;
    return switch (word) {
      case "if" -> new Node.If(pipeline, then.nodes, otherwise);
      case "with" -> new Node.With(pipeline, then.nodes, otherwise);
      default -> new Node.Range(pipeline, then.nodes, otherwise);
    };
  }

  /** What follows an else: a body, or another if or with that shares the end. */
  private List<Node> otherwise(String word) {
    if (!word.equals("range") && takeWord(word)) {
      return List.of(control(word));
    }
    expect(Kind.CLOSE, "else");
    Body body = body();
    if (body.terminator != Terminator.END) {
      throw new TemplateException("expected {{end}}, found {{" + body.terminator.word + "}}");
    }
    return body.nodes;
  }

  private Pipeline pipeline(String context) {
    List<String> names = new ArrayList<>();
    boolean declares = false;
    int start = at;
    while (peek().is(Kind.VARIABLE)) {
      names.add(take().text());
      if (peek().is(Kind.COMMA) && context.equals("range") && names.size() == 1) {
        at++;
        continue;
      }
      break;
    }
    if (!names.isEmpty() && (peek().is(Kind.DECLARE) || peek().is(Kind.ASSIGN))) {
      declares = take().is(Kind.DECLARE);
    } else {
      names.clear();
      at = start;
    }
    List<Call> calls = new ArrayList<>();
    do {
      calls.add(call(context, calls.isEmpty()));
    } while (takeIf(Kind.PIPE));
    if (!declares) {
      names.forEach(this::checkVariable);
    }
    variables.addAll(names);
    return new Pipeline(List.copyOf(names), declares, calls);
  }

  private Call call(String context, boolean first) {
    List<Expression> words = new ArrayList<>();
    while (!peek().is(Kind.CLOSE) && !peek().is(Kind.PIPE) && !peek().is(Kind.RIGHT_PARENTHESIS)) {
      words.add(expression());
    }
    if (words.isEmpty()) {
      throw new TemplateException("missing value for " + context);
    }
    Expression head = words.getFirst();
    if (!first && (head instanceof Node.Constant || head instanceof Node.Nil)) {
      throw new TemplateException("non executable command in pipeline: " + head.show());
    }
    return new Call(words);
  }

  private Expression expression() {
    Expression expression = operand(take());
    while (peek().is(Kind.FIELD) && !peek().spaced()) {
      expression = new Node.Field(expression, take().text());
    }
    return expression;
  }

  private Expression operand(Token token) {
    return switch (token.kind()) {
      case DOT -> new Node.Dot();
      case FIELD -> new Node.Field(new Node.Dot(), token.text());
      case VARIABLE -> {
        checkVariable(token.text());
        yield new Node.Variable(token.text());
      }
      case STRING -> new Node.Constant(token.text());
      case CHARACTER -> new Node.Constant((long) token.text().codePointAt(0));
      case NUMBER -> new Node.Constant(number(token.text()));
      case LEFT_PARENTHESIS -> {
        descend();
        Pipeline inner = pipeline("parenthesized pipeline");
        expect(Kind.RIGHT_PARENTHESIS, "parenthesis");
        depth--;
        yield new Node.Nested(inner);
      }
      case IDENTIFIER -> identifier(token.text());
      case TEXT, OPEN, CLOSE, RIGHT_PARENTHESIS, PIPE, COMMA, DECLARE, ASSIGN, END ->
          throw new TemplateException("unexpected " + GoText.quote(token.text()) + " in operand");
    };
  }

  private static Expression identifier(String name) {
    return switch (name) {
      case "true" -> new Node.Constant(true);
      case "false" -> new Node.Constant(false);
      case "nil" -> new Node.Nil();
      default -> {
        refuse(name);
        if (!Functions.NAMES.contains(name)) {
          throw new TemplateException("function " + GoText.quote(name) + " not defined");
        }
        yield new Node.Function(name);
      }
    };
  }

  private void checkVariable(String name) {
    if (!variables.contains(name)) {
      throw new TemplateException("undefined variable " + GoText.quote(name));
    }
  }

  private static Object number(String text) {
    String digits = text.replace("_", "");
    try {
      return Long.decode(digits.startsWith("0o") ? "0" + digits.substring(2) : digits);
    } catch (NumberFormatException e) {
      try {
        return Double.parseDouble(digits);
      } catch (NumberFormatException notDecimal) {
        throw new TemplateException("bad number syntax: " + GoText.quote(text));
      }
    }
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token take() {
    Token token = tokens.get(at);
    at += token.is(Kind.END) ? 0 : 1;
    return token;
  }

  private boolean takeIf(Kind kind) {
    boolean matches = peek().is(kind);
    at += matches ? 1 : 0;
    return matches;
  }

  private boolean takeWord(String word) {
    boolean matches = peek().is(Kind.IDENTIFIER) && peek().text().equals(word);
    at += matches ? 1 : 0;
    return matches;
  }

  private void expect(Kind kind, String context) {
    Token token = take();
    if (!token.is(kind)) {
      throw new TemplateException("unexpected " + GoText.quote(token.text()) + " in " + context);
    }
  }
}

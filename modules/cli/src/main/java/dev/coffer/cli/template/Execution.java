package dev.coffer.cli.template;

import dev.coffer.cli.template.Node.Call;
import dev.coffer.cli.template.Node.Expression;
import dev.coffer.cli.template.Node.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One rendering of a template: the dot, the variables, and what was printed so far. */
final class Execution {

  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private static final class Binding {
    private final String name;
    private Object value;

    Binding(String name, Object value) {
      this.name = name;
      this.value = value;
    }
  }

  private final boolean headers;
  private final StringBuilder out = new StringBuilder();
  private final List<Binding> bindings = new ArrayList<>();
  private Object dot;

  Execution(Object data, boolean headers) {
    this.dot = data;
    this.headers = headers;
    bindings.add(new Binding("$", data));
  }

  String run(List<Node> nodes) {
    walk(nodes);
    return out.toString();
  }

  private Flow walk(List<Node> nodes) {
    for (Node node : nodes) {
      Flow flow = step(node);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow step(Node node) {
    return switch (node) {
      case Node.Text text -> {
        out.append(text.text());
        yield Flow.ON;
      }
      case Node.Print print -> {
        Object value = evaluate(print.pipeline());
        if (print.pipeline().variables().isEmpty()) {
          out.append(GoText.show(value));
        }
        yield Flow.ON;
      }
      case Node.If branch -> {
        int mark = bindings.size();
        Flow flow =
            walk(Values.isTrue(evaluate(branch.condition())) ? branch.then() : branch.otherwise());
        forgetFrom(mark);
        yield flow;
      }
      case Node.With with -> with(with);
      case Node.Range range -> range(range);
      case Node.Break _ -> Flow.BREAK;
      case Node.Continue _ -> Flow.CONTINUE;
    };
  }

  private Flow with(Node.With with) {
    int mark = bindings.size();
    Object value = evaluate(with.value());
    Flow flow = Values.isTrue(value) ? walkWithDot(value, with.then()) : walk(with.otherwise());
    forgetFrom(mark);
    return flow;
  }

  private Flow walkWithDot(Object value, List<Node> nodes) {
    Object outer = dot;
    dot = value;
    try {
      return walk(nodes);
    } finally {
      dot = outer;
    }
  }

  private Flow range(Node.Range range) {
    int mark = bindings.size();
    Pipeline pipeline = range.values();
    Object values = evaluateCalls(pipeline);
    boolean any = false;
    for (Map.Entry<Object, Object> entry : entries(values)) {
      any = true;
      bindLoop(pipeline, entry);
      Flow flow = walkWithDot(entry.getValue(), range.body());
      forgetFrom(mark);
      if (flow == Flow.BREAK) {
        break;
      }
    }
    Flow flow = any ? Flow.ON : walk(range.otherwise());
    forgetFrom(mark);
    return flow;
  }

  private void bindLoop(Pipeline pipeline, Map.Entry<Object, Object> entry) {
    List<String> names = pipeline.variables();
    if (names.size() == 1) {
      bind(names.getFirst(), entry.getValue(), pipeline.declares());
    } else if (names.size() == 2) {
      bind(names.getFirst(), entry.getKey(), pipeline.declares());
      bind(names.getLast(), entry.getValue(), pipeline.declares());
    }
  }

  private static List<Map.Entry<Object, Object>> entries(Object values) {
    List<Map.Entry<Object, Object>> entries = new ArrayList<>();
    switch (values) {
      case null -> {}
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          entries.add(new java.util.AbstractMap.SimpleEntry<>((long) i, list.get(i)));
        }
      }
      case Map<?, ?> map ->
          new TreeMap<Object, Object>(map)
              .forEach(
                  (key, value) -> entries.add(new java.util.AbstractMap.SimpleEntry<>(key, value)));
      case Long count -> {
        for (long i = 0; i < count; i++) {
          entries.add(new java.util.AbstractMap.SimpleEntry<>(i, i));
        }
      }
      case Object other when other == Values.Absent.VALUE -> {}
      case Object other ->
          throw new TemplateException("range can't iterate over " + GoText.show(other));
    }
    return entries;
  }

  private Object evaluate(Pipeline pipeline) {
    Object value = evaluateCalls(pipeline);
    for (String name : pipeline.variables()) {
      bind(name, value, pipeline.declares());
    }
    return value;
  }

  private Object evaluateCalls(Pipeline pipeline) {
    Object value = null;
    boolean first = true;
    for (Call call : pipeline.calls()) {
      value = call(call, value, !first);
      first = false;
    }
    return value;
  }

  private Object call(Call call, Object piped, boolean hasPiped) {
    Expression head = call.words().getFirst();
    if (head instanceof Node.Function(String name)) {
      return function(name, call.words(), piped, hasPiped);
    }
    if (call.words().size() > 1 || hasPiped) {
      Object method = head instanceof Node.Field ? value(head) : null;
      if (method instanceof Method || (headers && method instanceof String)) {
        return method(head, method, call.words(), piped, hasPiped);
      }
      throw new TemplateException("can't give argument to non-function " + head.show());
    }
    return value(head);
  }

  private Object method(
      Expression head, Object method, List<Expression> words, Object piped, boolean hasPiped) {
    if (words.size() + (hasPiped ? 1 : 0) != 2) {
      throw new TemplateException("wrong number of args for " + head.show() + ": want 1");
    }
    Object argument = hasPiped ? piped : value(words.getLast());
    return method instanceof Method callable ? callable.call(GoText.plain(argument)) : argument;
  }

  private Object function(String name, List<Expression> words, Object piped, boolean hasPiped) {
    List<Expression> expressions = words.subList(1, words.size());
    if (name.equals("and") || name.equals("or")) {
      return shortCircuit(name.equals("or"), expressions, piped, hasPiped);
    }
    List<Object> arguments = new ArrayList<>(expressions.size() + 1);
    for (Expression expression : expressions) {
      arguments.add(value(expression));
    }
    if (hasPiped) {
      arguments.add(piped);
    }
    try {
      boolean leavesTitle = headers && Functions.CHANGE_TEXT.contains(name) && !arguments.isEmpty();
      return leavesTitle ? arguments.getFirst() : Functions.call(name, arguments);
    } catch (TemplateException e) {
      throw new TemplateException("error calling " + name + ": " + e.getMessage());
    }
  }

  private Object shortCircuit(
      boolean stopsAt, List<Expression> expressions, Object piped, boolean hasPiped) {
    Object last = null;
    for (Expression expression : expressions) {
      last = value(expression);
      if (Values.isTrue(last) == stopsAt) {
        return last;
      }
    }
    if (hasPiped) {
      return piped;
    }
    if (expressions.isEmpty()) {
      throw new TemplateException("wrong number of args for and, or: want at least 1 got 0");
    }
    return last;
  }

  private Object value(Expression expression) {
    return switch (expression) {
      case Node.Dot _ -> dot;
      case Node.Nil _ -> null;
      case Node.Constant constant -> constant.value();
      case Node.Variable variable -> binding(variable.name()).value;
      case Node.Function function -> Functions.call(function.name(), List.of());
      case Node.Nested nested -> evaluate(nested.pipeline());
      case Node.Field field -> field(field);
    };
  }

  /**
   * A field's value. Docker's inspect data have two kinds of objects: those with fixed fields,
   * whose names start with a capital letter and must exist, and maps with keys of the user's.
   */
  private Object field(Node.Field field) {
    Object of = value(field.of());
    String name = field.name();
    return switch (of) {
      case Row row when row.names().contains(name) -> row.field(name);
      case Map<?, ?> map when map.containsKey(name) -> map.get(name);
      case Map<?, ?> _ when !Character.isUpperCase(name.charAt(0)) -> Values.Absent.VALUE;
      case Map<?, ?> _ -> throw wrong(field, "map has no entry for key " + GoText.quote(name));
      case null -> throw wrong(field, "nil data; no entry for key " + GoText.quote(name));
      case Object other ->
          throw wrong(field, "can't evaluate field " + name + " in type " + Values.typeName(other));
    };
  }

  private static TemplateException wrong(Node.Field field, String reason) {
    return new TemplateException("at <" + field.show() + ">: " + reason);
  }

  private void bind(String name, Object value, boolean declares) {
    if (declares) {
      bindings.add(new Binding(name, value));
    } else {
      binding(name).value = value;
    }
  }

  private Binding binding(String name) {
    for (int i = bindings.size() - 1; i >= 0; i--) {
      if (bindings.get(i).name.equals(name)) {
        return bindings.get(i);
      }
    }
    throw new TemplateException("undefined variable " + GoText.quote(name));
  }

  private void forgetFrom(int mark) {
    bindings.subList(mark, bindings.size()).clear();
  }
}

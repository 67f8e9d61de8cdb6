package dev.coffer.cli.option;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A parsed command line: the value of every option, and the positional arguments. */
public final class Arguments {

  private final Map<Option<?>, Object> given;
  private final List<String> positionals;

  Arguments(Map<Option<?>, Object> given, List<String> positionals) {
    this.given = given;
    this.positionals = positionals;
  }

  /** An option's value; what its type says when it was not given. */
  public <T> T get(Option<T> option) {
    Object value = given.get(option);
    if (value == null) {
      return option.type().absent();
    }
    @SuppressWarnings("unchecked") // the parser stored what this very option's type made
    T typed = (T) value;
    return typed;
  }

  /** Whether the option was given, even with its default value. */
  public boolean has(Option<?> option) {
    return given.containsKey(option);
  }

  /** The arguments that are no options, in order. */
  public List<String> positionals() {
    return positionals;
  }

  /** The first positional argument. */
  public String first() {
    return positionals.getFirst();
  }

  static Map<Option<?>, Object> emptyValues() {
    return new IdentityHashMap<>();
  }
}

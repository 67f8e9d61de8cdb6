package dev.coffer.cli.option;

import java.util.List;
import java.util.Optional;

/**
 * All that is known of a command but what it does.
 *
 * @param path the words that name it, such as {@code image ls}
 * @param aliases other spellings, each in full, such as {@code coffer image ls}
 * @param operands what follows the options in the usage line, such as {@code IMAGE [COMMAND]
 *     [ARG...]}
 * @param summary one line, without a full stop
 * @param options its options, in the order to show
 * @param minimum fewest positional arguments
 * @param maximum most positional arguments
 * @param optionsEnd whether options end at the first positional argument
 * @param examples command lines with what they do
 */
public record CommandModel(
    String path,
    List<String> aliases,
    String operands,
    String summary,
    List<Option<?>> options,
    int minimum,
    int maximum,
    boolean optionsEnd,
    List<Example> examples) {

  /** No upper limit of positional arguments. */
  public static final int MANY = Integer.MAX_VALUE;

  /** The name of the program in every text. */
  public static final String PROGRAM = "coffer";

  /** A command line and what it does. */
  public record Example(String purpose, String line) {}

  /** A command with as many arguments as said, of which options may stand anywhere. */
  public static CommandModel of(
      String path,
      String operands,
      String summary,
      int minimum,
      int maximum,
      Option<?>... options) {
    return new CommandModel(
        path, List.of(), operands, summary, List.of(options), minimum, maximum, false, List.of());
  }

  /** The same with other spellings. */
  public CommandModel withAliases(String... spellings) {
    return new CommandModel(
        path,
        List.of(spellings),
        operands,
        summary,
        options,
        minimum,
        maximum,
        optionsEnd,
        examples);
  }

  /** The same with an example added. */
  public CommandModel withExample(String purpose, String line) {
    List<Example> more = new java.util.ArrayList<>(examples);
    more.add(new Example(purpose, line));
    return new CommandModel(
        path, aliases, operands, summary, options, minimum, maximum, optionsEnd, List.copyOf(more));
  }

  /** The same, with options ending at the first positional argument: what follows is not ours. */
  public CommandModel withOptionsFirst() {
    return new CommandModel(
        path, aliases, operands, summary, options, minimum, maximum, true, examples);
  }

  /** The same under another path. */
  public CommandModel withPath(String otherPath) {
    return new CommandModel(
        otherPath, aliases, operands, summary, options, minimum, maximum, optionsEnd, examples);
  }

  /** The usage line without its heading. */
  public String usage() {
    StringBuilder line = new StringBuilder(PROGRAM).append(' ').append(path);
    if (options.stream().anyMatch(Option::visible)) {
      line.append(" [OPTIONS]");
    }
    return operands.isEmpty() ? line.toString() : line.append(' ').append(operands).toString();
  }

  /** The option of a long name. */
  public Optional<Option<?>> option(String name) {
    for (Option<?> option : options) {
      if (option.name().equals(name)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  /** The option of a shorthand. */
  public Optional<Option<?>> option(char shorthand) {
    for (Option<?> option : options) {
      if (option.shorthand() == shorthand) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }
}

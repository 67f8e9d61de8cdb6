package dev.coffer.cli.option;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Reads a command line with the rules of Docker's (those of the Go package pflag): {@code --name
 * value}, {@code --name=value}, {@code -abc}, {@code -n value}, {@code -nvalue}, {@code -n=value},
 * and {@code --} ends the options.
 */
public final class Parser {

  private final CommandModel model;
  private final List<String> words;
  private final Dashes dashes;
  private final Map<Option<?>, Object> given = Arguments.emptyValues();
  private final List<String> positionals = new ArrayList<>();
  private int next;
  private boolean helpWanted;

  private Parser(CommandModel model, List<String> words, Dashes dashes) {
    this.model = model;
    this.words = words;
    this.dashes = dashes;
  }

  /** How many dashes stand before an option's name. */
  public enum Dashes {
    /** Two before a long name, one before letters that may stand together. */
    TWO,
    /** One or two before any name, as Go's own package flag has it. */
    ANY
  }

  /**
   * What the parser found: either arguments, or that the user asked for help.
   *
   * @param arguments the arguments; meaningless when help is wanted
   */
  public record Result(Arguments arguments, boolean helpWanted) {}

  /**
   * Parses the words after the command's name.
   *
   * @throws UsageException when an option is unknown, unsupported, lacks its value or has a wrong
   *     one, or when there are too few or too many arguments
   */
  public static Result parse(CommandModel model, List<String> words) {
    return parse(model, words, Dashes.TWO);
  }

  /** The same with another rule for dashes. */
  public static Result parse(CommandModel model, List<String> words, Dashes dashes) {
    Parser parser = new Parser(model, words, dashes);
    parser.run();
    if (!parser.helpWanted) {
      parser.checkCount();
    }
    return new Result(
        new Arguments(parser.given, Collections.unmodifiableList(parser.positionals)),
        parser.helpWanted);
  }

  private void run() {
    while (next < words.size() && !helpWanted) {
      String word = words.get(next++);
      if (word.equals("--")) {
        positionals.addAll(words.subList(next, words.size()));
        return;
      }
      if (word.startsWith("--")) {
        named(word.substring(2), true);
      } else if (word.length() > 1 && word.charAt(0) == '-') {
        named(word.substring(1), false);
      } else {
        positionals.add(word);
        if (model.optionsEnd()) {
          positionals.addAll(words.subList(next, words.size()));
          return;
        }
      }
    }
  }

  private void named(String word, boolean twoDashes) {
    String name = nameIn(word);
    boolean isLong =
        switch (dashes) {
          case TWO -> twoDashes;
          case ANY ->
              name.length() != 1
                  && (twoDashes || name.equals("help") || model.option(name).isPresent());
        };
    if (isLong) {
      longOption(word);
    } else {
      shorthands(word);
    }
  }

  private static String nameIn(String word) {
    int equals = word.indexOf('=');
    return equals < 0 ? word : word.substring(0, equals);
  }

  private void longOption(String word) {
    int equals = word.indexOf('=');
    String name = nameIn(word);
    if (name.isEmpty()) {
      throw wrong("bad flag syntax: --" + word);
    }
    Option<?> option = model.option(name).orElse(null);
    if (option == null) {
      if (name.equals("help")) {
        helpWanted = true;
        return;
      }
      throw wrong("unknown flag: --" + name);
    }
    if (equals >= 0) {
      take(option, word.substring(equals + 1));
    } else if (!option.type().takesValue()) {
      take(option, "true");
    } else if (next < words.size()) {
      take(option, words.get(next++));
    } else {
      throw wrong("flag needs an argument: --" + name);
    }
  }

  private void shorthands(String letters) {
    for (int at = 0; at < letters.length(); at++) {
      char letter = letters.charAt(at);
      Option<?> option = model.option(letter).orElse(null);
      if (option == null) {
        if (letter == 'h') {
          helpWanted = true;
          return;
        }
        throw wrong("unknown shorthand flag: '" + letter + "' in -" + letters.substring(at));
      }
      String rest = letters.substring(at + 1);
      if (rest.startsWith("=")) {
        take(option, rest.substring(1));
        return;
      }
      if (option.type().takesValue()) {
        shorthandValue(option, letters.substring(at), rest);
        return;
      }
      take(option, "true");
    }
  }

  private void shorthandValue(Option<?> option, String letters, String rest) {
    if (!rest.isEmpty()) {
      take(option, rest);
    } else if (next < words.size()) {
      take(option, words.get(next++));
    } else {
      throw wrong("flag needs an argument: '" + option.shorthand() + "' in -" + letters);
    }
  }

  private <T> void take(Option<T> option, String text) {
    if (option.unsupported().isPresent()) {
      throw wrong("not supported: --" + option.name() + " (" + option.unsupported().get() + ")");
    }
    @SuppressWarnings("unchecked") // only this method stores values, under their own option
    T before = (T) given.getOrDefault(option, option.type().absent());
    try {
      given.put(option, option.type().fold().add(before, text));
    } catch (IllegalArgumentException e) {
      throw wrong(
          "invalid argument \"%s\" for \"%s\" flag: %s"
              .formatted(text, option.label(), e.getMessage()));
    }
  }

  private UsageException wrong(String reason) {
    return new UsageException(UsageException.BAD_OPTION, reason + "\n" + seeHelp());
  }

  private void checkCount() {
    int count = positionals.size();
    if (count >= model.minimum() && count <= model.maximum()) {
      return;
    }
    throw new UsageException(
        UsageException.BAD_ARGUMENTS,
        "\"%s %s\" %s.\n%s\n\nUsage:  %s\n\n%s"
            .formatted(
                CommandModel.PROGRAM,
                model.path(),
                requirement(),
                seeHelp(),
                model.usage(),
                model.summary()));
  }

  private String requirement() {
    int minimum = model.minimum();
    int maximum = model.maximum();
    if (maximum == 0) {
      return "accepts no arguments";
    }
    if (minimum == maximum) {
      return "requires exactly " + arguments(minimum);
    }
    if (positionals.size() < minimum) {
      return "requires at least " + arguments(minimum);
    }
    return "requires at most " + arguments(maximum);
  }

  private static String arguments(int count) {
    return count + (count == 1 ? " argument" : " arguments");
  }

  private String seeHelp() {
    return "See '" + CommandModel.PROGRAM + " " + model.path() + " --help'.";
  }
}

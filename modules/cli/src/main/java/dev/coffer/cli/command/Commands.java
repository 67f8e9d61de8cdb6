package dev.coffer.cli.command;

import dev.coffer.cli.option.CommandModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table of all commands. A command's class is loaded when it is asked for, so that {@code ps}
 * never builds the options of {@code run}.
 */
public final class Commands {

  private Commands() {}

  /** A command and the words that follow its name. */
  record Found(CliCommand command, List<String> words) {}

  /** The names of all commands, a group's as {@code group name}, in the order to show. */
  static final List<String> NAMES = List.of("run", "exec", "ps", "create", "version");

  static Optional<CliCommand> byName(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "run" -> new RunCommand();
          case "create" -> new CreateCommand();
          case "ps" -> new PsCommand();
          case "version" -> new VersionCommand();
          default -> null;
        });
  }

  static Optional<Found> find(List<String> words) {
    return byName(words.getFirst()).map(c -> new Found(c, words.subList(1, words.size())));
  }

  static boolean isGroup(String word) {
    return false;
  }

  static String help(List<String> words, int columns) {
    return "";
  }

  /** The models of all commands. */
  public static List<CommandModel> models() {
    List<CommandModel> models = new ArrayList<>();
    for (String name : NAMES) {
      byName(name).ifPresent(command -> models.add(command.model()));
    }
    return models;
  }
}

package dev.coffer.cli.help;

import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Renders {@code --help} in the layout of Docker's. */
public final class HelpText {

  private static final int GAP = 3;
  private static final int NARROWEST_DESCRIPTION = 24;

  private HelpText() {}

  /**
   * A command's help.
   *
   * @param width columns of the terminal; 0 when unknown, which is taken as 80
   */
  public static String render(CommandModel model, int width) {
    StringBuilder text = new StringBuilder("Usage:  ").append(model.usage()).append("\n\n");
    text.append(model.summary()).append('\n');
    if (!model.aliases().isEmpty()) {
      text.append("\nAliases:\n  ");
      text.append(String.join(", ", model.aliases())).append('\n');
    }
    List<Option<?>> options = visible(model);
    if (!options.isEmpty()) {
      text.append("\nOptions:\n");
      text.append(options(options, width <= 0 ? 80 : width));
    }
    if (!model.examples().isEmpty()) {
      text.append("\nExamples:\n");
      for (CommandModel.Example example : model.examples()) {
        text.append("  # ").append(example.purpose()).append('\n');
        text.append("  ").append(example.line()).append('\n');
      }
    }
    return text.toString();
  }

  /** The options that help shows, sorted by name. */
  public static List<Option<?>> visible(CommandModel model) {
    List<Option<?>> options = new ArrayList<>();
    for (Option<?> option : model.options()) {
      if (option.visible()) {
        options.add(option);
      }
    }
    options.sort(Comparator.comparing(Option::name));
    return options;
  }

  private static String options(List<Option<?>> options, int width) {
    int widest = 0;
    for (Option<?> option : options) {
      widest = Math.max(widest, head(option).length());
    }
    StringBuilder text = new StringBuilder();
    int indent = widest + GAP;
    int room = Math.max(NARROWEST_DESCRIPTION, width - 1 - indent);
    for (Option<?> option : options) {
      String head = head(option);
      text.append(head).repeat(' ', indent - head.length());
      text.append(wrap(description(option), room, indent)).append('\n');
    }
    return text.toString();
  }

  private static String head(Option<?> option) {
    String start = option.hasShorthand() ? "  -" + option.shorthand() + ", --" : "      --";
    String type = option.type().name();
    return start + option.name() + (type.isEmpty() ? "" : " " + type);
  }

  private static String description(Option<?> option) {
    boolean onByDefault = Boolean.TRUE.equals(option.type().absent());
    return onByDefault ? option.description() + " (default true)" : option.description();
  }

  private static String wrap(String description, int room, int indent) {
    if (description.length() <= room) {
      return description;
    }
    StringBuilder text = new StringBuilder();
    int column = 0;
    for (String word : description.split(" ")) {
      if (column > 0 && column + 1 + word.length() > room) {
        text.append('\n').repeat(' ', indent);
        column = 0;
      } else if (column > 0) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
    }
    return text.toString();
  }
}

package dev.coffer.cli.docs;

import dev.coffer.cli.command.Commands;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table of commands and options in the page for people who come from Docker: {@code ParityTable
 * FILE} writes it between the page's two marks.
 */
public final class ParityTable {

  private static final String BEGIN = "<!-- commands: written by make docs -->\n";
  private static final String END = "<!-- end of commands -->\n";

  private ParityTable() {}

  /** Brings the page up to date. */
  public static void main(String[] arguments) throws IOException {
    Path page = Path.of(arguments[0]);
    Files.writeString(page, update(Files.readString(page)));
  }

  /**
   * The page with the table as it is now.
   *
   * @throws IllegalArgumentException when the page lacks one of the marks
   */
  static String update(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "cannot write the table of commands: the page has no marks");
    }
    return page.substring(0, begin + BEGIN.length()) + render() + page.substring(end);
  }

  private static String render() {
    StringBuilder table =
        new StringBuilder("| command | options | refused |\n| --- | --- | --- |\n");
    for (CommandModel model : Commands.models()) {
      table
          .append("| `")
          .append(model.path())
          .append("` | ")
          .append(labels(model, true))
          .append(" | ")
          .append(labels(model, false))
          .append(" |\n");
    }
    return table.toString();
  }

  private static String labels(CommandModel model, boolean supported) {
    List<Option<?>> options = model.options();
    return options.stream()
        .filter(option -> option.visible() == supported)
        .map(option -> "`" + option.label() + "`")
        .collect(Collectors.joining(" "));
  }
}

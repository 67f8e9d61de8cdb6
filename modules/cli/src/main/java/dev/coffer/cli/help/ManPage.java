package dev.coffer.cli.help;

import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import java.util.List;
import java.util.Locale;

/** Manual pages of section 1, in the macros of man(7). */
public final class ManPage {

  private ManPage() {}

  /** The file name of a command's page, such as {@code coffer-image-ls.1}. */
  public static String fileName(String path) {
    return title(path) + ".1";
  }

  private static String title(String path) {
    return path.isEmpty()
        ? CommandModel.PROGRAM
        : CommandModel.PROGRAM + "-" + path.replace(' ', '-');
  }

  /** The page of a command. */
  public static String render(CommandModel model) {
    StringBuilder page = head(model.path(), model.summary());
    page.append(".SH SYNOPSIS\n.B ").append(CommandModel.PROGRAM).append(' ');
    page.append(escape(model.path())).append('\n');
    page.append(
        escape(
            model.usage().substring((CommandModel.PROGRAM + " " + model.path()).length()).strip()));
    page.append("\n.SH DESCRIPTION\n").append(escape(model.summary())).append(".\n");
    List<Option<?>> options = HelpText.visible(model);
    if (!options.isEmpty()) {
      page.append(".SH OPTIONS\n");
      options.forEach(option -> option(page, option));
    }
    if (!model.aliases().isEmpty()) {
      page.append(".SH ALIASES\n").append(escape(String.join(", ", model.aliases()))).append('\n');
    }
    if (!model.examples().isEmpty()) {
      page.append(".SH EXAMPLES\n");
      for (CommandModel.Example example : model.examples()) {
        page.append(".TP\n").append(escape(example.purpose())).append(":\n");
        page.append(".B ").append(escape(example.line())).append('\n');
      }
    }
    return page.append(".SH SEE ALSO\n.BR coffer (1)\n").toString();
  }

  /** The page of the program, which lists all commands. */
  public static String overview(String purpose, List<CommandModel> models) {
    StringBuilder page = head("", purpose);
    page.append(".SH SYNOPSIS\n.B coffer\n[\\-\\-root DIR] [\\-\\-debug] COMMAND [ARG...]\n");
    page.append(".SH DESCRIPTION\n").append(escape(purpose)).append(".\n.SH OPTIONS\n");
    page.append(".TP\n\\fB\\-\\-root\\fR DIR\nData root (default /var/lib/coffer, for a user");
    page.append(" $XDG_DATA_HOME/coffer; COFFER_ROOT names another)\n");
    page.append(
        ".TP\n\\fB\\-D\\fR, \\fB\\-\\-debug\\fR\nSay where in the program a failure arose\n");
    page.append(".SH COMMANDS\n");
    for (CommandModel model : models) {
      page.append(".TP\n.BR ").append(title(model.path()).replace("-", "\\-")).append(" (1)\n");
      page.append(escape(model.summary())).append('\n');
    }
    return page.toString();
  }

  /**
   * The one page of a program, with all its commands.
   *
   * @param globals what stands in front of a command
   */
  public static String whole(String program, CommandModel globals, List<CommandModel> models) {
    StringBuilder page = headOf(program, globals.summary());
    page.append(".SH SYNOPSIS\n.B ")
        .append(escape(program))
        .append("\n[OPTIONS] COMMAND [ARG...]\n");
    page.append(".SH DESCRIPTION\n").append(escape(globals.summary())).append(".\n.SH OPTIONS\n");
    HelpText.visible(globals).forEach(option -> option(page, option));
    page.append(".SH COMMANDS\n");
    for (CommandModel model : models) {
      String name = model.path().substring(globals.path().length()).strip();
      page.append(".SS ").append(escape(name + " " + model.operands())).append('\n');
      page.append(escape(model.summary())).append(".\n");
      HelpText.visible(model).forEach(option -> option(page, option));
    }
    return page.append(".SH SEE ALSO\n.BR coffer (1)\n").toString();
  }

  private static StringBuilder head(String path, String summary) {
    return headOf(title(path), summary);
  }

  private static StringBuilder headOf(String title, String summary) {
    return new StringBuilder(".TH \"")
        .append(title.toUpperCase(Locale.ROOT).replace("-", "\\-"))
        .append("\" \"1\" \"\" \"Coffer\" \"Coffer Manual\"\n.nh\n.ad l\n.SH NAME\n")
        .append(title.replace("-", "\\-"))
        .append(" \\- ")
        .append(escape(summary))
        .append('\n');
  }

  private static void option(StringBuilder page, Option<?> option) {
    page.append(".TP\n");
    if (option.hasShorthand()) {
      page.append("\\fB\\-").append(option.shorthand()).append("\\fR, ");
    }
    page.append("\\fB\\-\\-").append(option.name().replace("-", "\\-")).append("\\fR");
    if (option.type().takesValue()) {
      page.append(" \\fI").append(option.type().name()).append("\\fR");
    }
    page.append('\n').append(escape(option.description())).append('\n');
  }

  /** Dashes stay dashes, and a line never begins as a request does. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}

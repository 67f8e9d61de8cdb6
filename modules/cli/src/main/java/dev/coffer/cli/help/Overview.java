package dev.coffer.cli.help;

import java.util.List;

/**
 * Lists of commands with their summaries, as {@code coffer --help} and {@code coffer image} show.
 */
public final class Overview {

  private static final int GAP = 3;

  private final StringBuilder text = new StringBuilder();

  /** Starts with a usage line (without its heading) and what the program or group is for. */
  public Overview(String usage, String purpose) {
    text.append("Usage:  ").append(usage).append("\n\n").append(purpose).append('\n');
  }

  /** A name with its summary. */
  public record Entry(String name, String summary) {}

  /** Adds a section. */
  public Overview section(String title, List<Entry> entries) {
    int widest = 0;
    for (Entry entry : entries) {
      widest = Math.max(widest, entry.name().length());
    }
    text.append('\n').append(title).append(":\n");
    for (Entry entry : entries) {
      text.append("  ").append(entry.name()).repeat(' ', widest + GAP - entry.name().length());
      text.append(entry.summary()).append('\n');
    }
    return this;
  }

  /** The text, with a last line that says how to learn more. */
  public String render(String last) {
    return text + "\n" + last + "\n";
  }
}

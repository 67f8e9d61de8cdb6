package dev.coffer.cli.server;

import dev.coffer.cli.format.FailureText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.Locale;
import java.util.ResourceBundle;

/** One line an entry; with places, also the time and the stack of what was thrown. */
record LineLogger(String name, PrintStream out, boolean tellsPlaces) implements System.Logger {

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String format, Object... values) {
    print(
        level,
        values == null || values.length == 0 ? format : MessageFormat.format(format, values));
  }

  @Override
  public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
    if (thrown == null) {
      print(level, message);
      return;
    }
    String cause = thrown.getMessage() == null ? thrown.toString() : FailureText.of(thrown);
    String text = String.valueOf(message);
    String line = text.contains(cause) ? text : text + ": " + cause;
    print(level, tellsPlaces ? line + "\n" + stack(thrown) : line.replace('\n', ' '));
  }

  private void print(Level level, String text) {
    if (isLoggable(level)) {
      String said = level.name().toLowerCase(Locale.ROOT) + ": " + text.stripTrailing();
      out.println(tellsPlaces ? Instant.now() + " " + name + ": " + said : "coffer: " + said);
    }
  }

  private static String stack(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}

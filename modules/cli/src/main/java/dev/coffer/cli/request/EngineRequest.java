package dev.coffer.cli.request;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * A command line with its caller. Commands are functions of this and an engine, and know nothing
 * else of the process they run in.
 *
 * @param words the command line without the program's name
 * @param environment the caller's environment
 * @param umask the caller's file mode creation mask
 * @param files the caller's files
 * @param console the caller's streams
 * @param control the engine's process
 * @param clock what time it is
 */
public record EngineRequest(
    List<String> words,
    Map<String, String> environment,
    int umask,
    CallerFiles files,
    Console console,
    EngineControl control,
    Clock clock) {

  /** The same caller with other words. */
  public EngineRequest withWords(List<String> others) {
    return new EngineRequest(others, environment, umask, files, console, control, clock);
  }

  /** Writes text and a line's end to standard output. */
  public void line(String text) {
    console.out(text + "\n");
  }

  /** The caller's time zone: that of TZ, else the host's. */
  public ZoneId zone() {
    String name = environment.getOrDefault("TZ", "");
    if (name.isEmpty()) {
      return ZoneId.systemDefault();
    }
    try {
      return ZoneId.of(name.startsWith(":") ? name.substring(1) : name);
    } catch (DateTimeException e) {
      return ZoneId.of("UTC");
    }
  }
}

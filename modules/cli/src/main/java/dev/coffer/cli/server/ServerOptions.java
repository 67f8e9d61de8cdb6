package dev.coffer.cli.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How an engine is started.
 *
 * @param root data root
 * @param runDirectory where sockets and locks are
 * @param library the distribution's {@code lib/coffer}
 * @param foreground whether a person started it with {@code coffer serve}
 * @param idleExit how long it stays with no command and no running container; zero: for ever
 * @param build a number that grows with every build; 0 when the distribution has none
 */
record ServerOptions(
    Path root, Path runDirectory, Path library, boolean foreground, Duration idleExit, long build) {

  private static final Duration IDLE_EXIT = Duration.ofMinutes(5);

  /**
   * The options of a command line such as {@code serve --root /var/lib/coffer --run-dir /run/coffer
   * --lib /usr/lib/coffer}.
   *
   * @param background whether a launcher waits for it; then it leaves when it has been idle
   * @throws IllegalArgumentException when it is wrong
   */
  static ServerOptions parse(List<String> words, boolean background) throws IOException {
    if (words.isEmpty() || !words.getFirst().equals("serve")) {
      throw new IllegalArgumentException("cannot start: expected serve, found " + words);
    }
    Path root = null;
    Path runDirectory = null;
    Path library = null;
    Duration idleExit = background ? IDLE_EXIT : Duration.ZERO;
    for (int at = 1; at < words.size(); at += 2) {
      String word = words.get(at);
      if (at + 1 == words.size()) {
        throw new IllegalArgumentException("flag needs an argument: " + word);
      }
      String value = words.get(at + 1);
      switch (word) {
        case "--root" -> root = Path.of(value);
        case "--run-dir" -> runDirectory = Path.of(value);
        case "--lib" -> library = Path.of(value);
        case "--idle-exit" -> idleExit = seconds(value);
        default -> throw new IllegalArgumentException("unknown flag: " + word);
      }
    }
    if (root == null || runDirectory == null || library == null) {
      throw new IllegalArgumentException("cannot start: --root, --run-dir and --lib are needed");
    }
    return new ServerOptions(root, runDirectory, library, !background, idleExit, build(library));
  }

  private static long build(Path library) throws IOException {
    Path file = library.resolve("build");
    return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
  }

  private static Duration seconds(String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 0) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number of seconds: \"" + text + "\"", e);
    }
    throw new IllegalArgumentException("not a number of seconds: \"" + text + "\"");
  }
}

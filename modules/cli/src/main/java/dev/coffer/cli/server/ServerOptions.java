package dev.coffer.cli.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How an engine is started.
 *
 * @param root data root
 * @param runDirectory where sockets and locks are
 * @param library the distribution's {@code lib/coffer}
 * @param foreground whether a person started it with {@code coffer serve}: it stays until told to
 *     go
 * @param idleExit how long it stays with no command and no running container; zero: for ever
 * @param build a number that grows with every build
 */
public record ServerOptions(
    Path root, Path runDirectory, Path library, boolean foreground, Duration idleExit, long build) {

  private static final Duration IDLE_EXIT = Duration.ofMinutes(5);
  private static final String IDLE_EXIT_VARIABLE = "COFFER_IDLE_EXIT";

  /**
   * The options of a command line such as {@code serve --root /var/lib/coffer --run-dir /run/coffer
   * --lib /usr/lib/coffer}.
   *
   * @param environment {@code COFFER_IDLE_EXIT} has seconds and is overruled by {@code --idle-exit}
   * @throws IllegalArgumentException when it is wrong
   */
  static ServerOptions parse(List<String> words, Map<String, String> environment, long build) {
    if (words.isEmpty() || !words.getFirst().equals("serve")) {
      throw new IllegalArgumentException("cannot start: expected serve, found " + words);
    }
    Path root = null;
    Path runDirectory = null;
    Path library = Path.of("/usr/lib/coffer");
    boolean foreground = false;
    String idleExit = environment.getOrDefault(IDLE_EXIT_VARIABLE, "");
    for (int at = 1; at < words.size(); at++) {
      switch (words.get(at)) {
        case "--root" -> root = Path.of(value(words, ++at));
        case "--run-dir" -> runDirectory = Path.of(value(words, ++at));
        case "--lib" -> library = Path.of(value(words, ++at));
        case "--idle-exit" -> idleExit = value(words, ++at);
        case "--foreground" -> foreground = true;
        default -> throw new IllegalArgumentException("unknown flag: " + words.get(at));
      }
    }
    if (root == null || runDirectory == null) {
      throw new IllegalArgumentException("cannot start: --root and --run-dir are needed");
    }
    return new ServerOptions(root, runDirectory, library, foreground, idle(idleExit), build);
  }

  ServerOptions withBuild(long number) {
    return new ServerOptions(root, runDirectory, library, foreground, idleExit, number);
  }

  private static String value(List<String> words, int at) {
    if (at >= words.size()) {
      throw new IllegalArgumentException("flag needs an argument: " + words.getLast());
    }
    return words.get(at);
  }

  private static Duration idle(String seconds) {
    if (seconds.isEmpty()) {
      return IDLE_EXIT;
    }
    try {
      return Duration.ofSeconds(Long.parseLong(seconds));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number of seconds: \"" + seconds + "\"", e);
    }
  }
}

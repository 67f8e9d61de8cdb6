package dev.coffer.cli.command;

import dev.coffer.cli.option.UsageException;
import java.util.List;

/**
 * What stands before the command's name. The launcher has acted on {@code --root} already: it chose
 * this engine by it.
 *
 * @param help {@code --help}
 * @param version {@code --version}
 * @param debug {@code --debug}: failures come with the place in the program
 * @param rest the command's name and what follows it
 */
record GlobalOptions(boolean help, boolean version, boolean debug, List<String> rest) {

  static GlobalOptions parse(List<String> words) {
    boolean help = false;
    boolean version = false;
    boolean debug = false;
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-")) {
      String word = words.get(at++);
      switch (word) {
        case "--help", "-h" -> help = true;
        case "--version", "-v" -> version = true;
        case "--debug", "-D" -> debug = true;
        case "--root" -> at++;
        default -> {
          if (!word.startsWith("--root=")) {
            throw new UsageException(
                UsageException.BAD_OPTION, "unknown flag: " + word + "\nSee 'coffer --help'.");
          }
        }
      }
    }
    return new GlobalOptions(
        help, version, debug, words.subList(Math.min(at, words.size()), words.size()));
  }
}

package dev.coffer.cli.server;

import dev.coffer.cli.command.ServeCommand;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Parser;
import dev.coffer.cli.option.Type;
import dev.coffer.image.snapshot.SnapshotKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an engine is started.
 *
 * @param root data root
 * @param runDirectory where sockets and locks are
 * @param library the distribution's {@code lib/coffer}
 * @param foreground whether a person started it with {@code coffer serve}
 * @param idleExit how long it stays with no command and no running container; zero: for ever
 * @param connection the descriptor of the one connection to serve, for a JVM that answers a single
 *     command and is no engine
 * @param build a number that grows with every build; 0 when the distribution has none
 * @param snapshotter how new containers have their root file systems, when a person says so
 * @param debug whether warnings say where in the program they arose
 */
record ServerOptions(
    Path root,
    Path runDirectory,
    Path library,
    boolean foreground,
    Duration idleExit,
    long build,
    Optional<Integer> connection,
    Optional<SnapshotKind> snapshotter,
    boolean debug) {

  private static final Duration IDLE_EXIT = Duration.ofMinutes(5);

  private static final Option<Optional<String>> ROOT = Option.of("root", Type.text(), "Data root");
  private static final Option<Optional<String>> RUN_DIR =
      Option.of("run-dir", Type.text(), "Directory of sockets and locks");
  private static final Option<Optional<String>> LIB =
      Option.of("lib", Type.text(), "The distribution's lib/coffer");

  private static final Option<Optional<Integer>> CONNECTION =
      Option.of("connection", Type.integer(), "Serve one connection alone, on this descriptor");

  /** What the launcher gives, and what a person may add to {@code coffer serve}. */
  private static final CommandModel MODEL =
      CommandModel.of(
          "serve",
          "",
          "",
          0,
          0,
          ROOT,
          RUN_DIR,
          LIB,
          ServeCommand.IDLE_EXIT,
          ServeCommand.SNAPSHOTTER,
          ServeCommand.DEBUG,
          CONNECTION);

  /**
   * The options of a command line such as {@code serve --root /var/lib/coffer --run-dir /run/coffer
   * --lib /usr/lib/coffer}.
   *
   * @param background whether a launcher waits for it; then it leaves when it has been idle
   * @throws dev.coffer.cli.option.UsageException when an option is wrong
   * @throws IllegalArgumentException when one is missing
   */
  static ServerOptions parse(List<String> words, boolean background) throws IOException {
    if (words.isEmpty() || !words.getFirst().equals("serve")) {
      throw new IllegalArgumentException("cannot start: expected serve, found " + words);
    }
    Arguments arguments = Parser.parse(MODEL, words.subList(1, words.size())).arguments();
    Path library = path(arguments, LIB);
    Duration otherwise = background ? IDLE_EXIT : Duration.ZERO;
    return new ServerOptions(
        path(arguments, ROOT),
        path(arguments, RUN_DIR),
        library,
        !background,
        arguments.get(ServeCommand.IDLE_EXIT).map(Duration::ofSeconds).orElse(otherwise),
        build(library),
        arguments.get(CONNECTION),
        arguments.get(ServeCommand.SNAPSHOTTER),
        background || arguments.get(ServeCommand.DEBUG));
  }

  private static Path path(Arguments arguments, Option<Optional<String>> option) {
    return Path.of(
        arguments
            .get(option)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "cannot start: " + option.label() + " is missing")));
  }

  private static long build(Path library) throws IOException {
    Path file = library.resolve("build");
    return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
  }
}

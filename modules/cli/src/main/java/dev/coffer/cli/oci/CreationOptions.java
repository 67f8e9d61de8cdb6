package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.CreateOptions;
import java.nio.file.Path;
import java.util.Optional;

/** The options that {@code create} and {@code run} share, and some of them others. */
final class CreationOptions {
  static final Option<Optional<String>> BUNDLE =
      Option.of("bundle", 'b', Type.text(), "The bundle's directory (default: the current one)");
  static final Option<Optional<String>> CONSOLE_SOCKET =
      Option.of(
          "console-socket", Type.nonEmptyText(), "Unix socket that gets the terminal's master");
  static final Option<Optional<String>> PID_FILE =
      Option.of("pid-file", Type.nonEmptyText(), "File that gets the process's pid");
  static final Option<Optional<String>> PIDFD_SOCKET =
      Option.of("pidfd-socket", Type.nonEmptyText(), "Unix socket that gets the process's pidfd");
  static final Option<Boolean> NO_PIVOT =
      Option.of("no-pivot", Type.toggle(), "Move the root instead of pivot_root (for ramdisks)");
  static final Option<Boolean> NO_NEW_KEYRING =
      Option.of("no-new-keyring", Type.toggle(), "Share the caller's session keyring");
  static final Option<Optional<Integer>> PRESERVE_FDS =
      Option.of("preserve-fds", Type.integer(), "Pass N descriptors, from 3 on, to the container");

  private CreationOptions() {}

  static CreateOptions of(OciRequest request, Arguments arguments) {
    return new CreateOptions(
        arguments.positionals().getFirst(),
        request.resolve(arguments.get(BUNDLE).orElse("")),
        path(request, arguments, CONSOLE_SOCKET),
        path(request, arguments, PID_FILE),
        path(request, arguments, PIDFD_SOCKET),
        !arguments.get(NO_PIVOT),
        !arguments.get(NO_NEW_KEYRING),
        request.systemd(),
        preserved(arguments));
  }

  /** A path that may be left out, or empty. */
  static Optional<Path> path(
      OciRequest request, Arguments arguments, Option<Optional<String>> option) {
    return arguments.get(option).map(request::resolve);
  }

  static int preserved(Arguments arguments) {
    int count = arguments.get(PRESERVE_FDS).orElse(0);
    if (count < 0 || count > 400) {
      throw new IllegalArgumentException("--preserve-fds must be from 0 to 400, is " + count);
    }
    return count;
  }
}

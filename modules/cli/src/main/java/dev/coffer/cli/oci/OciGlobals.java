package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Parser;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.Rootless;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What stands in front of a command's name. */
final class OciGlobals {
  static final Option<Optional<String>> ROOT =
      Option.of(
          "root",
          Type.text(),
          "Directory of the containers' states (default /run/coffer-oci, or in $XDG_RUNTIME_DIR)");
  static final Option<Optional<String>> LOG =
      Option.of("log", Type.nonEmptyText(), "File for errors and warnings");
  static final Option<Optional<String>> LOG_FORMAT =
      Option.of("log-format", Type.text(), "Format of the log: text or json (default text)");
  static final Option<Boolean> DEBUG =
      Option.of("debug", Type.toggle(), "Say where in the program a failure arose");
  static final Option<Boolean> SYSTEMD_CGROUP =
      Option.of("systemd-cgroup", Type.toggle(), "Have systemd make the cgroups");
  static final Option<Optional<String>> ROOTLESS =
      Option.of(
          "rootless",
          Type.text(),
          "Do without cgroups that cannot be made: true, false or auto (default auto)");
  static final Option<Optional<String>> CRIU =
      Option.of(
          "criu", Type.nonEmptyText(), "Path of criu, for checkpoint and restore (default criu)");
  static final Option<Boolean> VERSION =
      Option.of("version", 'v', Type.toggle(), "Print the version");

  static final CommandModel MODEL =
      CommandModel.of(
              "oci",
              "COMMAND",
              "An OCI runtime: runs bundles",
              0,
              CommandModel.MANY,
              ROOT,
              LOG,
              LOG_FORMAT,
              DEBUG,
              SYSTEMD_CGROUP,
              ROOTLESS,
              CRIU,
              VERSION)
          .withOptionsFirst();

  private OciGlobals() {}

  static Parser.Result parse(List<String> words) {
    return Parser.parse(MODEL, words, Parser.Dashes.ANY);
  }

  /** Whether containers do without the cgroups that the caller may not make. */
  static Rootless rootless(Arguments arguments) {
    String wanted = arguments.get(ROOTLESS).orElse("auto");
    return switch (wanted.toLowerCase(Locale.ROOT)) {
      case "auto", "" -> Rootless.AUTO;
      case "true", "t", "1" -> Rootless.TRUE;
      case "false", "f", "0" -> Rootless.FALSE;
      default ->
          throw new IllegalArgumentException(
              "invalid value \"" + wanted + "\" of --rootless (use true, false or auto)");
    };
  }

  /** Whether the log is JSON. */
  static boolean json(Arguments arguments) {
    String format = arguments.get(LOG_FORMAT).orElse("text");
    return switch (format) {
      case "text" -> false;
      case "json" -> true;
      default ->
          throw new IllegalArgumentException(
              "invalid log format \"" + format + "\" (use text or json)");
    };
  }
}

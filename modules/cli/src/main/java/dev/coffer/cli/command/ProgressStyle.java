package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.runtime.protocol.StdioKind;
import java.util.Locale;

/** How the progress of a pull is shown. */
enum ProgressStyle {
  /** What suits the stream: lines that change on a terminal, else lines that stay. */
  AUTO,
  /** A line for each event. */
  PLAIN,
  /** A JSON object for each event. */
  JSON,
  /** Nothing but the name in the end. */
  NONE;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException for any other word
   */
  static ProgressStyle parse(String word) {
    for (ProgressStyle each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("\"" + word + "\" is none of auto, plain, json, none");
  }

  /** Shows it on one of the caller's streams. */
  PullOutput output(EngineRequest request, int stream) {
    return switch (this) {
      case AUTO ->
          request.console().kind(stream) == StdioKind.TTY
              ? new TerminalPullOutput(request, stream)
              : new PlainPullOutput(request, stream);
      case PLAIN -> new PlainPullOutput(request, stream);
      case JSON -> new JsonPullOutput(request, stream);
      case NONE -> new QuietPullOutput(request);
    };
  }
}

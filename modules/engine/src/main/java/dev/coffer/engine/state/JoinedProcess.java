package dev.coffer.engine.state;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a container runs, after its request has been joined with its image's config.
 *
 * @param entrypoint the program's part that arguments do not replace
 * @param command the arguments, or the whole program when there is no entrypoint
 * @param environment {@code NAME=value}, each name once
 * @param user {@code user[:group]}, or empty for root
 * @param workingDirectory absolute path, or empty for {@code /}
 */
public record JoinedProcess(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String user,
    String workingDirectory) {

  /** Entrypoint and command in a row: what is executed. */
  public List<String> arguments() {
    if (entrypoint.isEmpty()) {
      return command;
    }
    return Stream.concat(entrypoint.stream(), command.stream()).toList();
  }
}

package dev.coffer.kernel;

import java.util.List;

/**
 * A program to start.
 *
 * @param path what to execute; no PATH search
 * @param arguments the first is the name that the program sees
 * @param environment {@code NAME=value} each; nothing is inherited
 * @param descriptors become 0, 1, 2, … of the child; they stay the caller's own. Everything above
 *     is closed
 * @param ownSession whether the child leads a new session, out of reach of the caller's terminal
 */
public record SpawnRequest(
    String path,
    List<String> arguments,
    List<String> environment,
    List<Fd> descriptors,
    boolean ownSession) {
  public SpawnRequest {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    descriptors = List.copyOf(descriptors);
  }
}

package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import java.io.IOException;

/** One command: what it is called and takes, and what it does. */
interface CliCommand {

  /** Its name, options and help. */
  CommandModel model();

  /**
   * Carries it out.
   *
   * @return the exit code
   * @throws dev.coffer.engine.EngineException when the engine cannot do it
   * @throws IllegalArgumentException when an argument is wrong in a way the parser cannot see
   * @throws IOException when a file of the caller's cannot be read or written
   */
  int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException;

  /** The exit code when what {@link #run} throws is of no closer kind. */
  default int failureCode() {
    return 1;
  }
}

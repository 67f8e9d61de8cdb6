package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;

/**
 * {@code coffer engine start}, {@code stop} and {@code restart}; containers run on through all
 * three.
 */
final class EngineControlCommand implements CliCommand {

  /** What is asked of the engine. */
  enum Action {
    /** The launcher has started an engine before it could ask, so there is nothing left to do. */
    START("engine start", "Start the engine if none runs"),
    STOP("engine stop", "Stop the engine once its current commands are done; containers run on"),
    RESTART("engine restart", "Replace the engine by a new one; containers run on");

    private final String path;
    private final String summary;

    Action(String path, String summary) {
      this.path = path;
      this.summary = summary;
    }
  }

  private final Action action;
  private final CommandModel model;

  EngineControlCommand(Action action) {
    this.action = action;
    this.model = CommandModel.of(action.path, "", action.summary, 0, 0);
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    switch (action) {
      case START -> {}
      case STOP -> request.control().stop();
      case RESTART -> request.control().restart();
    }
    return 0;
  }
}

package dev.coffer.cli.command;

import dev.coffer.cli.help.CompletionScripts;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;

/** {@code coffer completion bash|zsh|fish}. */
final class CompletionCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of("completion", "bash|zsh|fish", "Print a completion script for a shell", 1, 1)
          .withExample("Complete in this shell", "source <(coffer completion bash)");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    CompletionScripts scripts = Commands.completions();
    request
        .console()
        .out(
            switch (arguments.first()) {
              case "bash" -> scripts.bash();
              case "zsh" -> scripts.zsh();
              case "fish" -> scripts.fish();
              case String other ->
                  throw new IllegalArgumentException(
                      "not supported: completion for \"" + other + "\" (use bash, zsh or fish)");
            });
    return 0;
  }
}

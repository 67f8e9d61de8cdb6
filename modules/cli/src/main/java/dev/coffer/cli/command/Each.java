package dev.coffer.cli.command;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.EngineException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Commands with many arguments: each is done, each failure told, and any failure is exit code 1.
 */
final class Each {

  private Each() {}

  static int run(EngineRequest request, List<String> names, Consumer<String> action) {
    int code = 0;
    for (String name : names) {
      try {
        action.accept(name);
      } catch (EngineException e) {
        request.console().err("coffer: " + FailureText.of(e) + "\n");
        code = 1;
      }
    }
    return code;
  }

  /** The same, printing each name that was done. */
  static int runAndName(EngineRequest request, List<String> names, Consumer<String> action) {
    return run(
        request,
        names,
        name -> {
          action.accept(name);
          request.line(name);
        });
  }
}

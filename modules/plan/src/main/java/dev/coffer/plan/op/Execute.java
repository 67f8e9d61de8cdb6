package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import java.util.List;

/**
 * Becomes the container's program. A name without a slash is searched in PATH, in the container.
 *
 * @param arguments argv; the first is the program
 * @param environment {@code NAME=value} entries
 * @param searchPath value of PATH to search
 */
public record Execute(
    List<String> arguments, List<String> environment, String searchPath, String why) implements Op {
  public Execute {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  @Override
  public String describe() {
    return "start \"" + arguments.getFirst() + "\"";
  }

  @Override
  public String cause(Errno error) {
    boolean searched = arguments.getFirst().indexOf('/') < 0;
    return switch (error) {
      case ENOENT -> searched ? "executable file not found in $PATH" : error.text();
      case EACCES -> "permission denied (is it executable?)";
      case ENOEXEC -> "exec format error (a program for another machine, or a script without #!)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(
        Code.EXEC_SEARCH,
        lowering.text(arguments.getFirst()),
        lowering.strings(arguments),
        lowering.strings(environment),
        lowering.text(searchPath));
  }
}

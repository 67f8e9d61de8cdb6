package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Becomes the container's program. A name without a slash is searched in PATH, in the container.
 *
 * @param arguments argv; the first is the program
 * @param environment {@code NAME=value} entries
 * @param searchPath value of PATH to search
 * @param unattended whether nobody waits any more for what becomes of it: then an error is also
 *     said on its standard error, where a container's log is read
 */
public record Execute(
    List<String> arguments,
    List<String> environment,
    String searchPath,
    boolean unattended,
    String why)
    implements Op {
  /** What execve(2) says of a program that was found at {@code create}, or has gone since. */
  private static final List<Errno> SAID =
      List.of(Errno.ENOENT, Errno.EACCES, Errno.EPERM, Errno.ENOEXEC, Errno.E2BIG);

  private static final int STANDARD_ERROR = 2;

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
    Call execution = execution(lowering);
    if (!unattended) {
      return;
    }
    Map<Errno, Label> failures = new EnumMap<>(Errno.class);
    for (Errno error : SAID) {
      Label failure = lowering.label();
      execution.on(error, failure);
      failures.put(error, failure);
    }
    failures.forEach(
        (error, failure) -> {
          lowering.place(failure);
          say(lowering, error);
          // It fails as before, and that is what is reported.
          execution(lowering);
        });
  }

  private Call execution(Lowering lowering) {
    return lowering.special(
        Code.EXEC_SEARCH,
        lowering.text(arguments.getFirst()),
        lowering.strings(arguments),
        lowering.strings(environment),
        lowering.text(searchPath));
  }

  /** In the words of every other runtime, which people look for. */
  private void say(Lowering lowering, Errno error) {
    String text = "exec " + arguments.getFirst() + ": " + error.text() + "\n";
    lowering
        .call(
            Syscall.WRITE,
            lowering.number(STANDARD_ERROR),
            lowering.text(text),
            lowering.number(text.getBytes(StandardCharsets.UTF_8).length))
        .ignoringAll();
  }
}

package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Looks whether the program is there and can be executed, so that {@code create} tells what else
 * {@code start} would. It looks as root, before the filter is loaded: what only the user or the
 * filter is refused is still told by the execution itself.
 *
 * @param program what will be executed; its words for errors are used
 */
public record FindProgram(Execute program, String why) implements Op {
  private static final int X_OK = 1;

  @Override
  public String describe() {
    return program.describe();
  }

  @Override
  public String cause(Errno error) {
    return program.cause(error);
  }

  @Override
  public void lower(Lowering lowering) {
    String name = program.arguments().getFirst();
    if (name.indexOf('/') >= 0) {
      look(lowering, name);
      return;
    }
    Label found = lowering.label();
    List<String> entries = List.of(program.searchPath().split(":", -1));
    for (String entry : entries.subList(0, entries.size() - 1)) {
      Label next = lowering.label();
      look(lowering, path(entry, name)).onSuccess(found).onAnyError(next);
      lowering.place(next);
    }
    look(lowering, path(entries.getLast(), name));
    lowering.place(found);
  }

  /** An empty entry is the working directory. */
  private static String path(String entry, String name) {
    return entry.isEmpty() ? "./" + name : entry + "/" + name;
  }

  private static Call look(Lowering lowering, String path) {
    return lowering.call(
        Syscall.FACCESSAT,
        lowering.number(Kernel.AT_FDCWD),
        lowering.text(path),
        lowering.number(X_OK));
  }
}

package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
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
    if (error != Errno.EBADMSG) {
      return program.cause(error);
    }
    return program.cause(searched() ? Errno.ENOENT : Errno.EACCES);
  }

  private boolean searched() {
    return name().indexOf('/') < 0;
  }

  private String name() {
    return program.arguments().getFirst();
  }

  @Override
  public void lower(Lowering lowering) {
    if (!searched()) {
      look(lowering, name());
      return;
    }
    Label found = lowering.label();
    List<String> entries = List.of(program.searchPath().split(":", -1));
    for (String entry : entries.subList(0, entries.size() - 1)) {
      Label next = lowering.label();
      look(lowering, path(entry, name()), found, next);
      lowering.place(next);
    }
    look(lowering, path(entries.getLast(), name()));
    lowering.place(found);
  }

  /** An empty entry is the working directory. */
  private static String path(String entry, String name) {
    return entry.isEmpty() ? "./" + name : entry + "/" + name;
  }

  private static void look(Lowering lowering, String path, Label found, Label next) {
    Slot file = lowering.scratch(0);
    Label unfit = lowering.label();
    access(lowering, path).onAnyError(next);
    open(lowering, path, file).onAnyError(next);
    expectFile(lowering, file).onAnyError(unfit);
    lowering.call(Syscall.CLOSE, lowering.slot(file)).onSuccess(found);
    lowering.place(unfit);
    lowering.close(file);
  }

  private static void look(Lowering lowering, String path) {
    Slot file = lowering.scratch(0);
    access(lowering, path);
    open(lowering, path, file);
    expectFile(lowering, file);
    lowering.close(file);
  }

  private static Call access(Lowering lowering, String path) {
    return lowering.call(
        Syscall.FACCESSAT,
        lowering.number(Kernel.AT_FDCWD),
        lowering.text(path),
        lowering.number(X_OK));
  }

  private static Call open(Lowering lowering, String path, Slot file) {
    return lowering
        .call(
            Syscall.OPENAT, lowering.here(), lowering.text(path), lowering.openFlags(OpenFlag.PATH))
        .into(file);
  }

  /** Root may search a directory, and "execute" is the same bit. */
  private static Call expectFile(Lowering lowering, Slot file) {
    return lowering.special(
        Code.EXPECT,
        lowering.slot(file),
        lowering.number(0),
        lowering.number(-1),
        lowering.number(Kernel.S_IFREG));
  }
}

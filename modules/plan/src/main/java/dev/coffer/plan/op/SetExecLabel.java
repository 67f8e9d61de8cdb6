package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;

/**
 * Chooses the AppArmor profile or SELinux label that the program gets when it starts, through a
 * proc file system that is known to be one (CVE-2019-16884).
 *
 * @param proc descriptor of the root of a proc file system
 * @param file path below the thread's own directory, such as {@code attr/exec}
 * @param content what is written
 */
public record SetExecLabel(Slot proc, String file, String content, String why) implements Op {
  private static final long ANY_DEVICE = -1;

  @Override
  public String describe() {
    return "set the security label \"" + content + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOENT -> "the profile or label is not loaded";
      case EXDEV -> "something is mounted over it in /proc (leave that mount or volume out)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot opened = lowering.scratch(0);
    InRoot.openForWriting(lowering, proc, "thread-self/" + file).into(opened);
    lowering.special(
        Code.EXPECT,
        lowering.slot(opened),
        lowering.number(Kernel.PROC_MAGIC),
        lowering.number(ANY_DEVICE),
        lowering.number(Kernel.S_IFREG));
    Bytes bytes = Bytes.ofText(content);
    lowering.special(
        Code.WRITE_ALL,
        lowering.slot(opened),
        lowering.bytes(bytes),
        lowering.number(bytes.size()));
    lowering.close(opened);
  }
}

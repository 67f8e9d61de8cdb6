package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a directory of the resctrl file system: a class of service, or a monitoring group in one
 * (Documentation/filesystems/resctrl.rst).
 *
 * @param directory absolute path on the host
 */
public record MakeResourceClass(String directory, String why) implements Op {
  private static final int MODE = 0755;

  @Override
  public String describe() {
    return "create resource class \"" + directory + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EEXIST -> "it exists by now (to use it as it is, leave the schemata out)";
      case ENOSPC -> "no space left on device (the processor has no further class or monitor)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.MKDIRAT, lowering.here(), lowering.text(directory), lowering.number(MODE));
  }
}

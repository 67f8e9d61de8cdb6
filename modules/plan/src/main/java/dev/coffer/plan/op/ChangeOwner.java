package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Gives the standard streams to the container's user, so that it can open {@code /dev/stdout}
 * again. Only pipes change hands: of anything else, a null device for one, others have the same
 * file.
 *
 * @param descriptors the standard streams
 * @param user user id
 */
public record ChangeOwner(List<Slot> descriptors, long user, String why) implements Op {
  private static final long ANY_DEVICE = -1;
  private static final long UNCHANGED = -1;

  @Override
  public String describe() {
    return "give the standard streams to user " + user;
  }

  @Override
  public void lower(Lowering lowering) {
    for (Slot descriptor : descriptors) {
      Label next = lowering.label();
      lowering
          .special(
              Code.EXPECT,
              lowering.slot(descriptor),
              lowering.number(0),
              lowering.number(ANY_DEVICE),
              lowering.number(Kernel.S_IFIFO))
          .on(Errno.EBADMSG, next);
      lowering
          .call(
              Syscall.FCHOWN,
              lowering.slot(descriptor),
              lowering.number(user),
              lowering.number(UNCHANGED))
          .ignoring(Errno.EPERM, Errno.EINVAL, Errno.EROFS);
      lowering.place(next);
    }
  }
}

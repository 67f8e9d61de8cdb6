package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Gives the standard streams to the container's user, so that it can open {@code /dev/stdout}
 * again. Only for pipes that the monitor made: nobody else's file changes hands.
 *
 * @param descriptors the pipes
 * @param user user id
 */
public record ChangeOwner(List<Slot> descriptors, long user, String why) implements Op {
  private static final long UNCHANGED = -1;

  @Override
  public String describe() {
    return "give the standard streams to user " + user;
  }

  @Override
  public void lower(Lowering lowering) {
    for (Slot descriptor : descriptors) {
      lowering
          .call(
              Syscall.FCHOWN,
              lowering.slot(descriptor),
              lowering.number(user),
              lowering.number(UNCHANGED))
          .ignoring(Errno.EPERM, Errno.EINVAL, Errno.EROFS);
    }
  }
}

package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Gives the terminal to the container's user, as login(1) does.
 *
 * @param terminal descriptor of the slave
 * @param user user id
 */
public record ChangeTerminalOwner(Slot terminal, long user, String why) implements Op {
  private static final long UNCHANGED = -1;

  @Override
  public String describe() {
    return "give the terminal to user " + user;
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.FCHOWN,
            lowering.slot(terminal),
            lowering.number(user),
            lowering.number(UNCHANGED))
        .ignoring(Errno.EPERM, Errno.EINVAL, Errno.EROFS);
  }
}

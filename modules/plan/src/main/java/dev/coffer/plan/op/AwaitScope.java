package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;

/**
 * Waits until the first process is in the cgroup that somebody else has made for it.
 *
 * @param answer where one byte arrives then; end of file says that it could not be made
 */
public record AwaitScope(Slot answer, String why) implements Op {
  @Override
  public String describe() {
    return "wait for the scope";
  }

  @Override
  public String cause(Errno error) {
    return error == Errno.ECANCELED ? "it was not made" : error.text();
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(Code.BARRIER, lowering.slot(answer));
  }
}

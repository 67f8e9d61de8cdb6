package dev.coffer.plan.wire;

/**
 * What an outcome means for an instruction. The first rule that matches wins.
 *
 * @param error an errno, {@link WireForm#ERRNO_ANY}, or {@link WireForm#ERRNO_SUCCESS}
 * @param action what happens
 * @param target the instruction to go on at, for {@link Action#JUMP}; always a later one of the
 *     same stage, or the stage's end
 */
public record Rule(int error, Action action, int target) {

  /** Ordinals are wire numbers. */
  public enum Action {
    FAIL,
    CONTINUE,
    JUMP
  }
}

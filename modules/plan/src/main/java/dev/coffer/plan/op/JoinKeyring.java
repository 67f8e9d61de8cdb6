package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Gets a session keyring of its own, so that the container cannot read the engine's
 * (session-keyring(7)). Kernels without keyrings and filters that forbid them are fine.
 *
 * @param name its description; an exec joins that of its container
 */
public record JoinKeyring(String name, String why) implements Op {
  @Override
  public String describe() {
    return "join session keyring \"" + name + "\"";
  }

  /** Each user may have so many keys (keyrings(7)): the container's root, where ids are mapped. */
  @Override
  public String cause(Errno error) {
    return error == Errno.EDQUOT
        ? "its user has as many keys as is allowed (raise kernel.keys.maxkeys and .maxbytes, for"
            + " root .root_maxkeys and .root_maxbytes, or do without: --no-new-keyring)"
        : error.text();
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.KEYCTL,
            lowering.number(Kernel.KEYCTL_JOIN_SESSION_KEYRING),
            lowering.text(name))
        .ignoring(Errno.ENOSYS, Errno.EPERM);
  }
}

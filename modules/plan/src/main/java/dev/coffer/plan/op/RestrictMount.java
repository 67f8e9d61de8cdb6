package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;

/**
 * Changes the attributes or the propagation of a mount (mount_setattr(2)).
 *
 * @param mount descriptor of its root
 * @param attributes what changes
 * @param recursive whether mounts below it change too
 * @param purpose what a failure is called
 */
public record RestrictMount(
    Slot mount, MountAttributes attributes, boolean recursive, String purpose, String why)
    implements Op {
  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public String cause(Errno error) {
    if (attributes.userNamespace().isEmpty()) {
      return error.text();
    }
    return switch (error) {
      case EINVAL ->
          (recursive ? "its file system, or one below it," : "its file system")
              + " cannot be id-mapped (leave idmap out)";
      case EPERM ->
          "operation not permitted (it is id-mapped already, or its file system is not the"
              + " engine's)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    attributes.lower(lowering, mount, recursive);
  }
}

package dev.coffer.plan.op;

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
  public void lower(Lowering lowering) {
    attributes.lower(lowering, mount, recursive);
  }
}

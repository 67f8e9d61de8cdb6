package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Gives what is mounted inside the container other options (fspick(2), mount_setattr(2)).
 *
 * @param root descriptor of the container's root
 * @param destination absolute path inside
 * @param options of the file system, as {@link OpenFilesystem} takes them
 * @param attributes of the mount
 * @param mount slot for the mount, which stays open
 * @param purpose what a failure is called
 */
public record Remount(
    Slot root,
    String destination,
    List<String> options,
    MountAttributes attributes,
    Slot mount,
    String purpose,
    String why)
    implements Op {
  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EINVAL ->
          options.isEmpty()
              ? "nothing is mounted there"
              : "nothing is mounted there, or its file system refuses an option (%s)"
                  .formatted(String.join(",", options));
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    InRoot.open(lowering, root, destination, OpenFlag.PATH).into(mount);
    if (!options.isEmpty()) {
      reconfigure(lowering);
    }
    attributes.lower(lowering, mount, false);
  }

  private void reconfigure(Lowering lowering) {
    Slot context = lowering.scratch(0);
    lowering
        .call(
            Syscall.FSPICK,
            lowering.slot(mount),
            lowering.text(""),
            lowering.number(Kernel.FSPICK_CLOEXEC | Kernel.FSPICK_EMPTY_PATH))
        .into(context);
    options.forEach(option -> OpenFilesystem.configure(lowering, context, option));
    lowering.call(
        Syscall.FSCONFIG,
        lowering.slot(context),
        lowering.number(Kernel.FSCONFIG_CMD_RECONFIGURE),
        lowering.nothing(),
        lowering.nothing());
    lowering.close(context);
  }
}

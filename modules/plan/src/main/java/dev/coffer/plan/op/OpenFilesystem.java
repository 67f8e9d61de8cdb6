package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;
import java.util.Set;

/**
 * Makes a new file system, not attached anywhere yet (fsopen(2), fsconfig(2), fsmount(2)).
 *
 * @param type file system type
 * @param source what it is made from; empty where it needs nothing
 * @param options {@code key=value} or a bare flag, each
 * @param attributes {@code MOUNT_ATTR_*} flags
 * @param mount slot for the detached mount
 * @param purpose what a failure is called
 */
public record OpenFilesystem(
    String type,
    String source,
    List<String> options,
    long attributes,
    Slot mount,
    String purpose,
    String why)
    implements Op {
  /** With mount(2) these were flags that a file system without such a thing passed over. */
  private static final Set<String> HINTS = Set.of("iversion", "noiversion", "acl", "noacl");

  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENODEV -> "the kernel has no file system \"" + type + "\"";
      case EINVAL -> "invalid argument (options: " + String.join(",", options) + ")";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot context = lowering.scratch(0);
    lowering
        .call(Syscall.FSOPEN, lowering.text(type), lowering.number(Kernel.FSOPEN_CLOEXEC))
        .into(context);
    if (!source.isEmpty()) {
      configure(lowering, context, "source=" + source);
    }
    options.forEach(option -> configure(lowering, context, option));
    lowering.call(
        Syscall.FSCONFIG,
        lowering.slot(context),
        lowering.number(Kernel.FSCONFIG_CMD_CREATE),
        lowering.nothing(),
        lowering.nothing());
    lowering
        .call(
            Syscall.FSMOUNT,
            lowering.slot(context),
            lowering.number(Kernel.FSMOUNT_CLOEXEC),
            lowering.number(attributes))
        .into(mount);
    lowering.close(context);
  }

  /** Hands an option to the file system of a context. */
  static void configure(Lowering lowering, Slot context, String option) {
    int equals = option.indexOf('=');
    boolean flag = equals < 0;
    Call call =
        lowering.call(
            Syscall.FSCONFIG,
            lowering.slot(context),
            lowering.number(flag ? Kernel.FSCONFIG_SET_FLAG : Kernel.FSCONFIG_SET_STRING),
            lowering.text(flag ? option : option.substring(0, equals)),
            flag ? lowering.nothing() : lowering.text(option.substring(equals + 1)));
    if (HINTS.contains(option)) {
      call.ignoring(Errno.EINVAL);
    }
  }
}

package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Puts the container's own null device in the place of the host's, wherever a standard stream is
 * that. A descriptor of the host's node is enough to change its owner and mode for everybody, since
 * {@code fchown} and {@code fchmod} look at no mount. Streams that are anything else stay.
 *
 * <p>A container may have spoilt its own node: then the stream is an empty file that belongs to
 * nobody else. Opening what it put there instead can do no harm: init is in the container's devices
 * group by then, and a fifo that is opened for both directions does not wait.
 *
 * @param streams descriptors, replaced in place
 * @param directory the container's {@code /dev}, or its root
 * @param path of the null device from there
 */
public record OwnNullDevice(List<Slot> streams, Slot directory, String path, String why)
    implements Op {
  private static final int MFD_CLOEXEC = 1;

  public OwnNullDevice {
    streams = List.copyOf(streams);
  }

  @Override
  public String describe() {
    return "open the container's null device";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot own = lowering.scratch(0);
    for (Slot stream : streams) {
      Label spoilt = lowering.label();
      Label opened = lowering.label();
      Label next = lowering.label();
      expectNull(lowering, stream).on(Errno.EBADMSG, next);
      InRoot.open(lowering, directory, path, OpenFlag.READ_WRITE, OpenFlag.NO_TERMINAL)
          .into(own)
          .onAnyError(spoilt);
      expectNull(lowering, own).onSuccess(opened).ignoring(Errno.EBADMSG);
      lowering.close(own);
      lowering.place(spoilt);
      lowering
          .call(Syscall.MEMFD_CREATE, lowering.text("null"), lowering.number(MFD_CLOEXEC))
          .into(own);
      lowering.place(opened);
      lowering.call(Syscall.DUP3, lowering.slot(own), lowering.slot(stream), lowering.openFlags());
      lowering.close(own);
      lowering.place(next);
    }
  }

  private static Call expectNull(Lowering lowering, Slot slot) {
    return lowering.special(
        Code.EXPECT,
        lowering.slot(slot),
        lowering.number(0),
        lowering.number(Kernel.device(1, 3)),
        lowering.number(Kernel.S_IFCHR));
  }
}

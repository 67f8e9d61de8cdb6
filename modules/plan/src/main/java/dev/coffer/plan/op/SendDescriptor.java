package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Hands a descriptor to somebody at the other end of a Unix socket, with a message (SCM_RIGHTS, see
 * unix(7)). The descriptor stays open here.
 *
 * @param what names it in errors, such as {@code terminal}
 * @param socket connected
 * @param descriptor what is sent
 * @param message text; where one part ends and the next begins, the pid stands in decimal
 * @param pid slot of that pid, of no account where the message has one part
 */
public record SendDescriptor(
    String what, Slot socket, Slot descriptor, List<String> message, Slot pid, String why)
    implements Op {
  /** The size of struct cmsghdr, which CMSG_LEN counts in, and of the one descriptor behind it. */
  private static final int CONTROL_LENGTH = 16 + Integer.BYTES;

  public SendDescriptor {
    message = List.copyOf(message);
  }

  @Override
  public String describe() {
    return "send the " + what;
  }

  @Override
  public void lower(Lowering lowering) {
    Structure text = lowering.structure().text(message.getFirst());
    message.stream().skip(1).forEach(part -> text.slotText(pid, ' ').text(part));
    int length = text.size();
    Structure vector = lowering.structure().pointer(text.operand()).u64(length);
    Structure control =
        lowering
            .structure()
            .u64(CONTROL_LENGTH)
            .u32(Kernel.SOL_SOCKET)
            .u32(Kernel.SCM_RIGHTS)
            .slot32(descriptor)
            .zeros(Integer.BYTES);
    int controlSize = control.size();
    Structure header =
        lowering
            .structure()
            .u64(0)
            .u64(0)
            .pointer(vector.operand())
            .u64(1)
            .pointer(control.operand())
            .u64(controlSize)
            .u64(0);
    lowering.call(
        Syscall.SENDMSG,
        lowering.slot(socket),
        header.operand(),
        lowering.number(Kernel.MSG_NOSIGNAL));
  }
}

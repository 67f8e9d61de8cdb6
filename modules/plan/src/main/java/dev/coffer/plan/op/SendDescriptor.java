package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Hands a descriptor to somebody at the other end of a Unix socket, with a message (SCM_RIGHTS, see
 * unix(7)). The descriptor stays open here.
 *
 * @param what names it in errors, such as {@code terminal}
 * @param socket connected
 * @param descriptor what is sent
 * @param head the message up to a pid; all of it where there is none
 * @param pid slot of a pid that stands in the message as decimal text
 * @param tail the message after the pid
 */
public record SendDescriptor(
    String what,
    Slot socket,
    Slot descriptor,
    String head,
    Optional<Slot> pid,
    String tail,
    String why)
    implements Op {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final long MSG_NOSIGNAL = 0x4000;

  /** The size of struct cmsghdr, which CMSG_LEN counts in, and of the one descriptor behind it. */
  private static final int CONTROL_LENGTH = 16 + Integer.BYTES;

  private static final int SLOT_TEXT_WIDTH = 20;

  @Override
  public String describe() {
    return "send the " + what;
  }

  @Override
  public void lower(Lowering lowering) {
    Structure message = lowering.structure().text(head);
    pid.ifPresent(slot -> message.slotText(slot, ' '));
    message.text(tail);
    Structure vector = lowering.structure().pointer(message.operand()).u64(size());
    Structure control =
        lowering
            .structure()
            .u64(CONTROL_LENGTH)
            .u32(SOL_SOCKET)
            .u32(SCM_RIGHTS)
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
        Syscall.SENDMSG, lowering.slot(socket), header.operand(), lowering.number(MSG_NOSIGNAL));
  }

  private long size() {
    int text =
        head.getBytes(StandardCharsets.UTF_8).length + tail.getBytes(StandardCharsets.UTF_8).length;
    return pid.isPresent() ? text + SLOT_TEXT_WIDTH : text;
  }
}

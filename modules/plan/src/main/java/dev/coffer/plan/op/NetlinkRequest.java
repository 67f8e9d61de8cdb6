package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A request of rtnetlink(7) in the making: a header, a structure, attributes on multiples of 4. */
final class NetlinkRequest {
  private static final int ALIGNMENT = 4;
  private static final int HEADER_SIZE = 16;
  private static final int ATTRIBUTE_HEADER = 4;
  private static final int REQUEST_WITH_ANSWER = 0x1 | 0x4;
  private static final int SEQUENCE = 1;

  private final int type;
  private final int flags;
  private final List<Consumer<Structure>> parts = new ArrayList<>();
  private int size = HEADER_SIZE;

  /**
   * @param flags beside those that every request has
   */
  NetlinkRequest(int type, int flags) {
    this.type = type;
    this.flags = flags | REQUEST_WITH_ANSWER;
  }

  /** {@code struct ifinfomsg}. */
  NetlinkRequest link(int index, int linkFlags) {
    parts.add(to -> to.u32(0).u32(index).u32(linkFlags).u32(linkFlags));
    size += 4 * Integer.BYTES;
    return this;
  }

  /** {@code struct ifaddrmsg} of global scope. */
  NetlinkRequest address(int family, int prefixLength, int addressFlags, int index) {
    parts.add(to -> to.u8(family).u8(prefixLength).u8(addressFlags).u8(0).u32(index));
    size += 2 * Integer.BYTES;
    return this;
  }

  NetlinkRequest attribute(int number, Bytes content) {
    int padding = (ALIGNMENT - content.size() % ALIGNMENT) % ALIGNMENT;
    int length = ATTRIBUTE_HEADER + content.size();
    parts.add(to -> to.u16(length).u16(number).bytes(content).zeros(padding));
    size += length + padding;
    return this;
  }

  NetlinkRequest text(int number, String text) {
    return attribute(number, Bytes.ofText(text + "\0"));
  }

  NetlinkRequest number(int number, int value) {
    parts.add(to -> to.u16(ATTRIBUTE_HEADER + Integer.BYTES).u16(number).u32(value));
    size += ATTRIBUTE_HEADER + Integer.BYTES;
    return this;
  }

  NetlinkRequest descriptor(int number, Slot slot) {
    parts.add(to -> to.u16(ATTRIBUTE_HEADER + Integer.BYTES).u16(number).slot32(slot));
    size += ATTRIBUTE_HEADER + Integer.BYTES;
    return this;
  }

  /** Appends the instruction that sends it and waits for the answer. */
  void send(Lowering lowering, Slot socket) {
    Structure message = lowering.structure().u32(size).u16(type).u16(flags).u32(SEQUENCE).u32(0);
    parts.forEach(part -> part.accept(message));
    lowering.special(Code.NETLINK, lowering.slot(socket), message.operand(), lowering.number(size));
  }
}

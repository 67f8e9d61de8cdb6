package dev.coffer.network.link;

import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import java.util.Optional;

/**
 * A network device, as the kernel tells of it.
 *
 * @param index its number in its namespace
 * @param name its name
 * @param kind how it was made, such as {@code veth} or {@code bridge}; empty for real hardware
 * @param alias what its maker has noted on it
 * @param master the number of the bridge that it is a port of; 0 for none
 * @param mtu the largest packet in bytes
 */
public record Link(
    int index, String name, String kind, Optional<String> alias, int master, int mtu) {
  static final int HEADER = 16;

  private static final int INDEX = 4;

  static Link of(NetlinkReply reply) {
    Attributes all = reply.attributes(HEADER);
    return new Link(
        reply.fixed().getInt(INDEX),
        all.text(LinkAttribute.NAME).orElse(""),
        all.nested(LinkAttribute.INFO).text(LinkAttribute.KIND).orElse(""),
        all.text(LinkAttribute.ALIAS),
        all.integer(LinkAttribute.MASTER).orElse(0),
        all.integer(LinkAttribute.MTU).orElse(0));
  }
}

package dev.coffer.network.nft;

import dev.coffer.kernel.NetlinkReply;
import java.util.Optional;

/**
 * A table among those of all families.
 *
 * @param family what packets it sees
 * @param name its name, which tables of other families may have, too
 */
public record TableName(Family family, String name) {
  private static final int HEADER = 4;

  /**
   * The table that an answer or an event is about; empty for one of another family, and for what is
   * about no table.
   */
  public static Optional<TableName> of(NetlinkReply reply) {
    return reply.fixed().remaining() < HEADER
        ? Optional.empty()
        : Family.of(reply.fixed().get(0))
            .flatMap(
                family ->
                    reply.attributes(HEADER).text(1).map(name -> new TableName(family, name)));
  }

  /** As {@code nft} writes it, such as {@code ip6 filter}. */
  @Override
  public String toString() {
    return family.word() + " " + name;
  }
}

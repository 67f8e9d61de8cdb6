package dev.coffer.network.firewall;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Hook.Point;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the host's own chains do with packets that none of their rules names. Published ports are
 * forwarded, so a host that is closed to what it receives and open to what it forwards may have
 * published more than its administrator thinks.
 *
 * <p>It tells of policies alone: what a rule at a chain's end drops is not seen, nor are the tables
 * of iptables-legacy.
 *
 * @param input the table whose chain drops what the host receives
 * @param forward the table whose chain drops what the host forwards
 */
public record HostPolicy(Optional<String> input, Optional<String> forward) {
  private static final int GET_CHAIN = 10 << 8 | 4;
  private static final int HEADER = 4;
  private static final int TABLE = 1;
  private static final int HOOK = 4;
  private static final int POLICY = 5;
  private static final int DROP = 0;

  /** Reads it for the socket's network namespace. */
  public static HostPolicy read(NetlinkSocket socket) throws KernelException {
    NetlinkMessage all =
        NetlinkMessage.of(GET_CHAIN, NetlinkMessage.DUMP)
            .fixed((byte) 0, (byte) 0, (byte) 0, (byte) 0);
    Map<Point, String> dropping = new EnumMap<>(Point.class);
    for (NetlinkReply each : socket.query("list chains", all)) {
      Attributes chain = each.attributes(HEADER);
      if (seesPackets(each) && chain.networkInteger(POLICY).filter(is -> is == DROP).isPresent()) {
        for (Point point : List.of(Point.INPUT, Point.FORWARD)) {
          if (chain.nested(HOOK).networkInteger(1).filter(point::is).isPresent()) {
            dropping.put(point, chain.text(TABLE).orElse("?"));
          }
        }
      }
    }
    return new HostPolicy(
        Optional.ofNullable(dropping.get(Point.INPUT)),
        Optional.ofNullable(dropping.get(Point.FORWARD)));
  }

  /** IPv4, IPv6 or both; other families number their hooks otherwise. */
  private static boolean seesPackets(NetlinkReply chain) {
    int family = chain.fixed().get(0);
    return Stream.of(Family.values()).anyMatch(each -> each.number() == family);
  }

  /** Whether published ports are open to hosts that what the host receives is closed to. */
  public boolean publishesMoreThanItReceives() {
    return input.isPresent() && forward.isEmpty();
  }
}

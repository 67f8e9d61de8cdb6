package dev.coffer.network.firewall;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.nft.Chain;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Field;
import dev.coffer.network.nft.Hook;
import dev.coffer.network.nft.Hook.Kind;
import dev.coffer.network.nft.Hook.Point;
import dev.coffer.network.nft.Rule;
import dev.coffer.network.nft.Rule.PortField;
import dev.coffer.network.nft.Transaction;
import dev.coffer.network.nft.Value;

/**
 * Has a container find its name server at the usual port of {@code 127.0.0.11}, which it could not
 * be given without taking the port from the container's own programs.
 *
 * <p>The ports are written into the packets as they are sent, on the way there and back: nothing
 * has to be remembered of a connection, so it works where connections are not tracked and costs
 * nothing beside.
 */
public final class ResolverRedirect {
  /** Where containers ask for names. */
  public static final String ADDRESS = "127.0.0.11";

  private static final int DNS = 53;
  private static final String CHAIN = "resolver";
  private static final int TCP_CHECKSUM = 16;
  private static final int UDP_CHECKSUM = 6;

  private ResolverRedirect() {}

  /**
   * Leads port 53 to another one of the same address, by UDP and TCP, and answers back. What was
   * said before goes.
   *
   * @param socket one that was opened in the container's network namespace
   * @param table the table's name
   * @param port where the resolver listens
   */
  public static void install(NetlinkSocket socket, String table, int port) throws KernelException {
    Transaction all =
        new Transaction(Family.IPV4, table)
            .addTable()
            .deleteTable()
            .addTable()
            .add(Chain.base(CHAIN, Kind.FILTER, Point.OUTPUT, Hook.RAW));
    rewrite(all, Protocol.UDP, UDP_CHECKSUM, port);
    rewrite(all, Protocol.TCP, TCP_CHECKSUM, port);
    all.commit(socket, "redirect names to port " + port);
  }

  private static void rewrite(Transaction to, Protocol protocol, int checksum, int port) {
    Subnet resolver = Subnet.parse(ADDRESS + "/32");
    Value number = Value.ofByte(protocol.number());
    to.add(
        Rule.in(CHAIN, "questions")
            .to(resolver)
            .is(Field.PROTOCOL, number)
            .is(Field.DESTINATION_PORT, Value.ofPort(DNS))
            .write(PortField.DESTINATION, port, checksum));
    to.add(
        Rule.in(CHAIN, "answers")
            .from(resolver)
            .is(Field.PROTOCOL, number)
            .is(Field.SOURCE_PORT, Value.ofPort(port))
            .write(PortField.SOURCE, DNS, checksum));
  }
}

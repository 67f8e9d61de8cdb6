package dev.coffer.network.firewall;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Rules for bridges and published ports, in a table of Coffer's own. What other tables drop stays
 * dropped, and they are not changed, but for the chains that dockerd and ufw leave to users. What
 * they say of packets that the host receives is asked about published ports, too.
 *
 * <p>Each call returns when the kernel has taken it, whole or not at all. What was said is
 * remembered, and said again when somebody else has flushed the table away. Any number of threads
 * may call.
 */
public interface Firewall extends AutoCloseable {

  /**
   * Says what the host passes on for networks alone. Where the table is not written yet nothing
   * happens before it is.
   */
  void restrict(OwnForwarding forwarding) throws IOException;

  /**
   * Says which devices are no bridges of ours and yet of containers: what {@link #restrict} was
   * told does not count for them.
   */
  void letPass(Set<String> devices) throws IOException;

  /** Says how a bridge is to be treated, whatever was said before. */
  void put(BridgeRules bridge) throws IOException;

  /** Forgets a bridge; nothing happens when it is not known. */
  void remove(String device) throws IOException;

  /** Has ports of the host lead into containers. */
  void publish(Collection<PortForward> forwards) throws IOException;

  /**
   * Ends that; connections under way are forgotten soon after. Those that are not known are passed
   * over.
   */
  void withdraw(Collection<PortForward> forwards) throws IOException;

  /**
   * Says all that there is, whatever was said before and is in the table. An engine that begins
   * says so what its containers need, and no packet finds the table half full.
   */
  void replace(Collection<BridgeRules> bridges, Collection<PortForward> forwards)
      throws IOException;

  /** Why published ports are closed to others that the host's rules may let in, as one line. */
  Optional<String> notice();

  /** Takes the table away with all that is in it but for what {@link #restrict} was told. */
  void clear() throws IOException;

  /** Lets go of the kernel; the table stays as it is. */
  @Override
  void close();
}

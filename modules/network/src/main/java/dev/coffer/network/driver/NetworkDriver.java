package dev.coffer.network.driver;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.firewall.PortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The host's side of networks: devices, addresses, routes, packet filter. It keeps no records; what
 * there should be is said by the engine, first of all with {@link #replace}.
 *
 * <p>A container is connected like this:
 *
 * <pre>
 *   create(network)                   once, and again by who is not sure
 *   sandbox = sandbox(network)        a namespace, perhaps with an address and a device in it
 *   connect(sandbox, network, end)    for each of its networks
 *   …                                 the container's first process is started in it
 *   sandbox.close()
 *   …                                 the container ends, and its namespace with it
 *   release(network, end)             for each of its networks
 * </pre>
 *
 * <p>Any number of threads may call. What fails leaves nothing behind. Errors are one line that
 * names the object, such as {@code cannot create bridge "coffer0": …}.
 */
public interface NetworkDriver extends AutoCloseable {

  /**
   * Brings devices and rules to what an engine's records say, as its first act: bridges are made or
   * corrected, and those of this engine that no record has are removed, like the devices of ends
   * that are not among these. Ends that are stay untouched, and their ports are open all the time.
   *
   * @param networks all there are
   * @param endpoints those of running containers
   */
  void replace(Collection<NetworkSpec> networks, Collection<Endpoint> endpoints) throws IOException;

  /** Makes a network, and sets the host up for it; one that is there is corrected. */
  void create(NetworkSpec network) throws IOException;

  /** Removes a network with all devices in it; nothing happens when it is not there. */
  void remove(NetworkSpec network) throws IOException;

  /**
   * A new namespace, whose loopback device is up.
   *
   * @param first a network in which the container will have an end with whatever address is free;
   *     the sandbox may come with such an end, as {@code eth0}. Namespaces are kept ready of one
   *     network at a time, so it should be always the same one.
   */
  Sandbox sandbox(Optional<NetworkSpec> first) throws IOException;

  /**
   * Throws away what is kept ready for {@link #sandbox}, so that its addresses are free: for who
   * finds none, or wants one of these.
   */
  void discardPrepared();

  /** Gives a namespace an end in a network; its ports are open when this returns. */
  void connect(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint) throws IOException;

  /** Takes an end from a namespace that lives on. */
  void disconnect(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint) throws IOException;

  /**
   * Ends what the host does for a container's end once the container is gone. Its addresses are
   * free when this returns.
   */
  void release(NetworkSpec network, EndpointSpec endpoint) throws IOException;

  /**
   * Has a namespace reach the rest of the world by these gateways, at most one of each kind,
   * instead of by those of the same kind that it has.
   */
  void route(Sandbox sandbox, Collection<InetAddress> gateways) throws IOException;

  /** Opens ports that lead to ends which are there. */
  void publish(Collection<PortForward> ports) throws IOException;

  /** Closes ports of ends that stay; those that are not known are passed over. */
  void withdraw(Collection<PortForward> ports) throws IOException;

  /**
   * Why published ports are closed to others that the host's rules may let in, as one line; empty
   * where the host decides about all of them.
   */
  Optional<String> notice();

  /** Where the host's packets go that are not for everywhere: subnets that are in use already. */
  List<Subnet> routes() throws IOException;

  /** Says which devices of the host are those of containers in networks that plugins make. */
  void letPass(Set<String> devices) throws IOException;

  /** Lets go of the host; networks and ends stay as they are, what was prepared goes. */
  @Override
  void close();
}

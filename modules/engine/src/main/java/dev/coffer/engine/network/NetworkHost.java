package dev.coffer.engine.network;

import dev.coffer.kernel.Fd;
import dev.coffer.network.cni.Cni;
import dev.coffer.network.dns.Names;
import dev.coffer.network.dns.Resolver;
import dev.coffer.network.driver.AddressSource;
import dev.coffer.network.driver.NetworkDriver;
import dev.coffer.network.firewall.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;

/** What networks need of a host. Any number of threads may call. */
public interface NetworkHost extends AutoCloseable {

  /** Devices, addresses and rules. */
  NetworkDriver driver();

  /** What of the host's own rules is not asked about published ports, as one line. */
  Optional<String> notice() throws IOException;

  /** Networks that plugins make. */
  Cni plugins();

  /**
   * Takes a port at all of some addresses of the host, so that no other program gets it.
   *
   * @param port 0: whatever is free
   * @throws IOException that says who has it
   */
  HeldPort hold(Protocol protocol, Collection<InetAddress> addresses, int port) throws IOException;

  /**
   * Has a container's questions for names answered.
   *
   * @param namespace its network namespace
   * @param port where the name server listens, or 0 for whatever is free
   */
  Resolver.Service serve(Fd namespace, int port, Names names) throws IOException;

  /** Lets go of the host; networks stay as they are. */
  @Override
  void close();

  /** A port that is kept from others. */
  interface HeldPort extends AutoCloseable {
    /** Its number. */
    int port();

    @Override
    void close();
  }

  /** Opens what the host has; nothing on it changes by that. */
  interface Opener {
    /**
     * Opens it.
     *
     * @param addresses where namespaces that are prepared have their addresses from
     * @throws IOException where the host can have no networks, or its user may not make them
     */
    NetworkHost open(AddressSource addresses) throws IOException;
  }
}

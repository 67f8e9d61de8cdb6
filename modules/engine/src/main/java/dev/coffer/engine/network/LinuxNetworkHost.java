package dev.coffer.engine.network;

import dev.coffer.engine.program.Programs;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.cni.Cni;
import dev.coffer.network.cni.PluginProcess;
import dev.coffer.network.cni.StandIns;
import dev.coffer.network.dns.Names;
import dev.coffer.network.dns.Resolver;
import dev.coffer.network.driver.AddressSource;
import dev.coffer.network.driver.InputPolicy;
import dev.coffer.network.driver.NetworkDriver;
import dev.coffer.network.firewall.Protocol;
import dev.coffer.network.firewall.ResolverRedirect;
import dev.coffer.network.host.HostNetworks;
import dev.coffer.network.namespace.NamespaceThread;
import dev.coffer.network.port.PortReservation;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** The host whose network namespace the engine is in. */
public final class LinuxNetworkHost implements NetworkHost {

  /** The packet filter's table in a container, which has none of ours otherwise. */
  private static final String TABLE_INSIDE = "coffer";

  private static final String FORWARDING = "forwarding.json";
  private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");

  private final NamespaceThread thread;
  private final HostNetworks driver;
  private final Cni plugins;
  private final Resolver resolver = new Resolver();

  private LinuxNetworkHost(NamespaceThread thread, HostNetworks driver, PluginPlaces places) {
    this.thread = thread;
    this.driver = driver;
    this.plugins =
        new Cni(
            places.plugins(),
            Programs.OF_HOST.path(),
            PluginProcess.of(thread),
            StandIns.by(thread),
            places.memory());
  }

  /**
   * Opens it; nothing changes by that.
   *
   * @param owner what is ours there
   * @param policy of networks that say nothing of it
   * @param runDirectory the engine's directory for what does not outlive a boot
   * @param addresses where namespaces that are prepared have their addresses from
   * @param places where networks of plugins have what belongs to them
   */
  public static LinuxNetworkHost open(
      NetworkOwner owner,
      InputPolicy policy,
      Path runDirectory,
      AddressSource addresses,
      PluginPlaces places)
      throws IOException {
    NamespaceThread thread = NamespaceThread.start();
    try {
      HostNetworks.Ownership ours =
          new HostNetworks.Ownership(
              owner.mark(), owner.table(), policy, runDirectory.resolve(FORWARDING));
      return new LinuxNetworkHost(thread, HostNetworks.open(thread, addresses, ours), places);
    } catch (IOException | RuntimeException e) {
      thread.close();
      throw e;
    }
  }

  @Override
  public NetworkDriver driver() {
    return driver;
  }

  @Override
  public Optional<String> notice() throws IOException {
    Optional<String> refused = driver.notice();
    return refused.isPresent() ? refused : thread.atHome(LinuxNetworkHost::unseen);
  }

  /** The kernel tells of tables of iptables-legacy, but not by netlink what is in them. */
  private static Optional<String> unseen() throws IOException {
    boolean filters =
        Files.exists(LEGACY_TABLES)
            && Files.readAllLines(LEGACY_TABLES, StandardCharsets.UTF_8).contains("filter");
    return filters
        ? Optional.of("rules of iptables-legacy are not asked about published ports")
        : Optional.empty();
  }

  @Override
  public Cni plugins() {
    return plugins;
  }

  @Override
  public HeldPort hold(Protocol protocol, Collection<InetAddress> addresses, int port)
      throws IOException {
    return new Held(PortReservation.take(thread, protocol, addresses, port));
  }

  private record Held(PortReservation reservation) implements HeldPort {
    @Override
    public int port() {
      return reservation.port();
    }

    @Override
    public void close() {
      reservation.close();
    }
  }

  @Override
  public Resolver.Service serve(Fd namespace, int port, Names names) throws IOException {
    Resolver.Service service = resolver.serve(thread, namespace, port, names);
    try {
      return thread.in(
          namespace,
          () -> {
            try (NetlinkSocket netlink = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
              ResolverRedirect.install(netlink, TABLE_INSIDE, service.port());
              return service;
            }
          });
    } catch (IOException | RuntimeException e) {
      service.close();
      throw e;
    }
  }

  @Override
  public void close() {
    resolver.close();
    driver.close();
    thread.close();
  }
}

package dev.coffer.engine.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.cni.Cni;
import dev.coffer.network.cni.ConfigDirectory;
import dev.coffer.network.cni.PluginCall;
import dev.coffer.network.cni.PluginPath;
import dev.coffer.network.dns.Names;
import dev.coffer.network.dns.Resolver;
import dev.coffer.network.driver.AddressSource;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.NetworkDriver;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.PortForward;
import dev.coffer.network.firewall.Protocol;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A host that has what it was told, as lines of text, and nothing else. */
final class FakeNetworkHost implements NetworkHost, NetworkDriver {

  /** Bridges, ends, ports and name servers that there are now. */
  final Set<String> present = new TreeSet<>();

  final List<Subnet> routes = new ArrayList<>();
  final Map<String, Names> served = new HashMap<>();

  /** What fails, by the first word of what it would make. */
  Optional<String> failing = Optional.empty();

  /** Devices of networks of plugins that the packet filter knows of. */
  Set<String> passing = Set.of();

  /** What plugins were told to leave, each time that they were told to clean up. */
  final List<String> collected = new ArrayList<>();

  boolean preparing;

  /** What plugins give. */
  String result = "{}";

  private PluginPlaces places;
  private AddressSource addresses;
  private int lastPort = 32_768;

  FakeNetworkHost open(AddressSource source) throws IOException {
    failAt("host");
    addresses = source;
    return this;
  }

  private void failAt(String what) throws IOException {
    if (failing.filter(what::equals).isPresent()) {
      throw new IOException("no " + what + " today");
    }
  }

  @Override
  public NetworkDriver driver() {
    return this;
  }

  /** Where its networks of plugins are configured, and the plugins are, which are never run. */
  PluginPlaces places(Path root) {
    places =
        new PluginPlaces(
            new ConfigDirectory(root.resolve("net.d")),
            new PluginPath(List.of(root.resolve("bin"))),
            root.resolve("networks/cni"));
    return places;
  }

  @Override
  public Cni plugins() {
    return new Cni(places.plugins(), "/bin", this::plugin, _ -> Optional.empty(), places.memory());
  }

  private PluginCall.Output plugin(PluginCall call) {
    String command = said(call, "CNI_COMMAND");
    JsonCursor config = JsonCursor.read("", call.input().getBytes(UTF_8), Limits.CONFIG);
    String end = call.program().getFileName() + " " + said(call, "CNI_IFNAME");
    String wanted =
        config.field("runtimeConfig").optional(each -> " " + Json.write(each.object())).orElse("");
    switch (command) {
      case "ADD" -> present.add("plugin " + end + wanted);
      case "DEL" -> present.removeIf(each -> each.startsWith("plugin " + end));
      case "GC" -> collected.add(Json.write(config.field("cni.dev/valid-attachments").value()));
      default -> {}
    }
    String failure = command.equals("ADD") ? "plugin" : command;
    boolean failed = failing.filter(failure::equals).isPresent();
    return failed
        ? new PluginCall.Output(1, "{\"code\":9,\"msg\":\"no plugin today\"}", "")
        : new PluginCall.Output(0, result, "");
  }

  private static String said(PluginCall call, String variable) {
    return call.environment().stream()
        .filter(each -> each.startsWith(variable + "="))
        .map(each -> each.substring(each.indexOf('=') + 1))
        .findFirst()
        .orElse("");
  }

  @Override
  public void letPass(Set<String> devices) {
    passing = devices;
  }

  @Override
  public Optional<String> notice() {
    return Optional.empty();
  }

  @Override
  public HeldPort hold(Protocol protocol, Collection<InetAddress> at, int port) throws IOException {
    int number = port == 0 ? ++lastPort : port;
    List<String> lines =
        at.stream()
            .map(each -> "held %s %d/%s".formatted(Subnet.text(each), number, protocol.word()))
            .toList();
    for (String line : lines) {
      if (present.contains(line)) {
        throw new IOException("port %d/%s is in use by \"nginx\"".formatted(port, protocol.word()));
      }
    }
    present.addAll(lines);
    return new HeldPort() {
      @Override
      public int port() {
        return number;
      }

      @Override
      public void close() {
        present.removeAll(lines);
      }
    };
  }

  @Override
  public Resolver.Service serve(Fd namespace, int port, Names names) throws IOException {
    failAt("names");
    int number = port == 0 ? ++lastPort : port;
    String line = "names at " + number;
    present.add(line);
    served.put(line, names);
    return new Resolver.Service() {
      @Override
      public int port() {
        return number;
      }

      @Override
      public void close() {
        present.remove(line);
      }
    };
  }

  @Override
  public void replace(Collection<NetworkSpec> networks, Collection<Endpoint> endpoints) {
    present.removeIf(line -> !line.startsWith("held") && !line.startsWith("names"));
    networks.forEach(network -> present.add("bridge " + network.device()));
    for (Endpoint each : endpoints) {
      present.add(end(each.network(), each.spec()));
      publish(each.spec().ports());
    }
  }

  @Override
  public void create(NetworkSpec network) throws IOException {
    failAt("bridge");
    present.add("bridge " + network.device());
  }

  @Override
  public void remove(NetworkSpec network) {
    present.remove("bridge " + network.device());
  }

  @Override
  public Sandbox sandbox(Optional<NetworkSpec> first) throws IOException {
    failAt("sandbox");
    Fd namespace = namespace();
    if (!preparing || first.isEmpty()) {
      return Sandbox.of(namespace);
    }
    List<InterfaceAddress> taken = addresses.take(first.get());
    EndpointSpec end =
        new EndpointSpec(
            "eth0",
            taken,
            MacAddress.of(taken.getFirst().address()),
            List.of(first.get().ranges().getFirst().gateway()),
            List.of());
    return new Sandbox(namespace, Optional.of(new Endpoint(first.get(), end)));
  }

  private static Fd namespace() throws KernelException {
    return FileOpen.path("/dev/null", OpenFlags.RDONLY);
  }

  @Override
  public void discardPrepared() {}

  @Override
  public void connect(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint)
      throws IOException {
    failAt(endpoint.device());
    present.add(end(network, endpoint));
    publish(endpoint.ports());
  }

  @Override
  public void disconnect(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint) {
    release(network, endpoint);
  }

  @Override
  public void release(NetworkSpec network, EndpointSpec endpoint) {
    present.removeIf(line -> line.startsWith(place(network, endpoint)));
    withdraw(endpoint.ports());
  }

  private static String place(NetworkSpec network, EndpointSpec end) {
    return "end %s in %s %s".formatted(end.device(), network.name(), end.addresses());
  }

  private static String end(NetworkSpec network, EndpointSpec end) {
    return place(network, end) + " by " + end.gateways().stream().map(Subnet::text).toList();
  }

  @Override
  public void route(Sandbox sandbox, Collection<InetAddress> gateways) {
    present.removeIf(line -> line.startsWith("route"));
    present.add("route by " + gateways.stream().map(Subnet::text).toList());
  }

  @Override
  public void publish(Collection<PortForward> ports) {
    ports.forEach(port -> present.add(text(port)));
  }

  @Override
  public void withdraw(Collection<PortForward> ports) {
    ports.forEach(port -> present.remove(text(port)));
  }

  private static String text(PortForward port) {
    return "port %s %d/%s to %s %d"
        .formatted(
            Subnet.text(port.hostAddress()),
            port.hostPort(),
            port.protocol().word(),
            Subnet.text(port.containerAddress()),
            port.containerPort());
  }

  @Override
  public List<Subnet> routes() {
    return routes;
  }

  @Override
  public void close() {}
}

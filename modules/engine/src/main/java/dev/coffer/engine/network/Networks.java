package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.state.NetworkRecord;
import dev.coffer.engine.state.NetworkStore;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.cni.NetworkList;
import dev.coffer.network.cni.Remembered;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.AddressSource;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.NetworkSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The networks of an engine by id, by prefix of an id, and by name. */
public final class Networks implements AddressSource, AutoCloseable {

  /** The name of the default network. */
  public static final String BRIDGE = "bridge";

  /** Who has the addresses of namespaces that are kept ready. */
  private static final String NOBODY = "a container that is about to start";

  private final NetworkStore store;
  private final NetworkOwner owner;
  private final Ids ids;
  private final HostDoor door;
  private final PluginNetworks plugins;
  private final Map<String, NetworkList> lists = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Network> byId = new ConcurrentSkipListMap<>();
  private final Map<String, Network> byName = new ConcurrentHashMap<>();

  private final CompletableFuture<Void> begun = new CompletableFuture<>();

  /** Held while networks come and go. */
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Opens those of a data root; the host is not touched.
   *
   * @param owner what they are called on the host
   * @param places where networks of plugins have what belongs to them
   */
  public static Networks open(
      NetworkStore store,
      NetworkOwner owner,
      Ids ids,
      NetworkHost.Opener opener,
      PluginPlaces places)
      throws IOException {
    Networks networks = new Networks(store, owner, ids, opener, new PluginNetworks(places));
    for (NetworkRecord record : store.load()) {
      networks.add(new Network(record, record.name().equals(BRIDGE)));
    }
    networks.refresh();
    return networks;
  }

  private Networks(
      NetworkStore store,
      NetworkOwner owner,
      Ids ids,
      NetworkHost.Opener opener,
      PluginNetworks plugins) {
    this.plugins = plugins;
    this.store = store;
    this.owner = owner;
    this.ids = ids;
    this.door = new HostDoor(opener, this);
  }

  private void add(Network network) {
    byId.put(network.record().id(), network);
    byName.put(network.name(), network);
  }

  /**
   * The host, once it is as the records say.
   *
   * @throws EngineException NOT_SUPPORTED where it can have no networks
   */
  public NetworkHost host() {
    begun.join();
    return door.open();
  }

  /** The host as an earlier engine has left it, for who brings it to what the records say. */
  NetworkHost hostAsFound() {
    return door.open();
  }

  /** Says that the host is as the records say, or cannot be brought to it. */
  public void begun() {
    begun.complete(null);
  }

  /** All of them, the default bridge only once it was needed. */
  public Collection<Network> all() {
    return byId.values();
  }

  /**
   * Looks which networks the host has plugins make now. One whose name another network has is
   * passed over.
   */
  public void refresh() {
    lock.lock();
    try {
      Map<String, NetworkList> found = plugins.read();
      for (Network each : List.copyOf(byId.values())) {
        if (each.isOfPlugins() && !found.containsKey(each.name()) && each.close().isEmpty()) {
          forget(each);
        }
      }
      for (NetworkList list : found.values()) {
        NetworkRecord record = PluginNetworks.record(owner, list);
        Network known = byName.get(list.name());
        if (known == null && !NetworkOwner.isBuiltIn(list.name())) {
          lists.put(record.id(), list);
          add(new Network(record, false));
        } else if (known != null && known.isOfPlugins()) {
          lists.put(record.id(), list);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** What plugins have done and not taken back. */
  List<Remembered> remembered() {
    return plugins.remembered();
  }

  /** Whether the networks of plugins are those of this engine alone. */
  boolean arePluginsOwn() {
    return plugins.areOwn();
  }

  /** How a network of plugins is configured. */
  Optional<NetworkList> list(Network network) {
    return Optional.ofNullable(lists.get(network.record().id()));
  }

  /** What the networks are called that every engine has. */
  public NetworkOwner owner() {
    return owner;
  }

  /**
   * Finds a network by full id, name or unambiguous prefix of an id, in this order. The default
   * bridge is recorded when it is first asked for.
   *
   * @throws EngineException NOT_FOUND or AMBIGUOUS
   */
  public Network find(String given) {
    Network exact = byId.get(given);
    if (exact != null) {
      return exact;
    }
    Network named = byName.get(given);
    if (named != null && !named.isOfPlugins()) {
      return named;
    }
    if (given.equals(BRIDGE) || given.equals(owner.id(BRIDGE))) {
      return defaultBridge();
    }
    refresh();
    Network ofPlugins = byName.get(given);
    if (ofPlugins != null) {
      return ofPlugins;
    }
    Collection<Network> matches =
        given.isEmpty() ? List.of() : byId.subMap(given, given + Character.MAX_VALUE).values();
    if (matches.isEmpty()) {
      throw new EngineException(Kind.NOT_FOUND, "no such network: " + given);
    }
    if (matches.size() > 1) {
      throw new EngineException(
          Kind.AMBIGUOUS,
          "network id \"%s\" is ambiguous: several start with it (give more digits)"
              .formatted(given));
    }
    return matches.iterator().next();
  }

  /** The network of a full id. */
  public Optional<Network> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Whether plugins make the network of a full id; not when there is none. */
  boolean isOfPlugins(String id) {
    return get(id).filter(Network::isOfPlugins).isPresent();
  }

  private Network defaultBridge() {
    lock.lock();
    try {
      Network known = byName.get(BRIDGE);
      if (known != null) {
        return known;
      }
      Subnet subnet =
          Subnets.ofDefault(taken())
              .orElseThrow(
                  () ->
                      new EngineException(
                          Kind.CONFLICT,
                          "no subnet for the default bridge is free: the host has routes to all of"
                              + " 10.210.0.0/16 to 10.219.0.0/16"));
      NetworkRecord record =
          new NetworkRecord(
              NetworkRecord.VERSION,
              owner.id(BRIDGE),
              BRIDGE,
              Instant.now(),
              Driver.BRIDGE,
              owner.defaultBridge(),
              Optional.empty(),
              List.of(NetworkMaking.range(subnet)),
              true,
              false,
              false,
              false,
              Map.of(),
              Map.of());
      store.save(record);
      Network made = new Network(record, true);
      add(made);
      return made;
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "cannot record the default bridge: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Subnets that something on the host or one of the networks is in. */
  private List<Subnet> taken() throws IOException {
    List<Subnet> taken = new ArrayList<>(host().driver().routes());
    subnetsOfNetworks().forEach(taken::add);
    return taken;
  }

  private Stream<Subnet> subnetsOfNetworks() {
    return byId.values().stream()
        .filter(network -> network.record().driver() == Driver.BRIDGE)
        .flatMap(network -> network.spec().ranges().stream().map(AddressRange::subnet));
  }

  /**
   * Makes a network, on the host too.
   *
   * @throws EngineException when it cannot be made; nothing is left then
   */
  public Network create(NetworkCreation request) {
    String what = "cannot create network \"" + request.name() + "\"";
    lock.lock();
    try {
      refresh();
      if (byName.containsKey(request.name()) || NetworkOwner.isBuiltIn(request.name())) {
        throw new EngineException(Kind.CONFLICT, what + ": the name is in use");
      }
      NetworkRecord record =
          NetworkMaking.record(request, ids.next(), Instant.now(), taken(), byId.values());
      Network made = new Network(record, false);
      store.save(record);
      try {
        made.ensure(host().driver());
      } catch (IOException | RuntimeException e) {
        store.remove(record.id());
        throw e;
      }
      add(made);
      return made;
    } catch (IllegalArgumentException e) {
      throw new EngineException(Kind.INVALID, what + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a network in which no container runs.
   *
   * @throws EngineException CONFLICT when one does
   */
  public void remove(Network network) {
    String what = "cannot remove network \"" + network.name() + "\"";
    lock.lock();
    try {
      if (network.isBuiltIn()) {
        throw new EngineException(Kind.CONFLICT, what + ": it is the default bridge");
      }
      if (network.isOfPlugins()) {
        throw new EngineException(
            Kind.CONFLICT, what + ": the host has a file for its plugins (remove that file)");
      }
      List<Member> members = network.close();
      if (!members.isEmpty()) {
        throw new EngineException(
            Kind.CONFLICT,
            "%s: container \"%s\" runs in it (stop or disconnect it)"
                .formatted(what, members.getFirst().containerName()));
      }
      // First the host: a record without devices is mended by the next engine, the reverse is not.
      host().driver().remove(network.spec());
      store.remove(network.record().id());
      forget(network);
    } catch (IOException e) {
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Network network) {
    byId.remove(network.record().id());
    byName.remove(network.name(), network);
    lists.remove(network.record().id());
  }

  @Override
  public List<InterfaceAddress> take(NetworkSpec network) {
    return get(network.id())
        .map(
            found -> {
              try {
                return found.take(EndpointRequest.plain(network.name()), NOBODY);
              } catch (EngineException noneLeft) {
                return List.<InterfaceAddress>of();
              }
            })
        .orElse(List.of());
  }

  @Override
  public void giveBack(NetworkSpec network, List<InterfaceAddress> addresses) {
    get(network.id()).ifPresent(found -> found.giveBack(addresses));
  }

  /** Lets go of the host; networks stay as they are. */
  @Override
  public void close() {
    door.close();
  }
}

package dev.coffer.engine.network;

import dev.coffer.engine.state.NetworkRecord;
import dev.coffer.network.cni.Cni;
import dev.coffer.network.cni.NetworkList;
import dev.coffer.network.cni.PluginConfig;
import dev.coffer.network.cni.Remembered;
import dev.coffer.network.driver.Driver;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The networks of a host that its administrator has plugins make. Any number of threads may call.
 */
final class PluginNetworks {

  private final PluginPlaces places;

  /** What is wrong with configurations is told once. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  PluginNetworks(PluginPlaces places) {
    this.places = places;
  }

  /** Those that are configured now, and those in which containers still are, by their names. */
  Map<String, NetworkList> read() {
    Map<String, NetworkList> networks = new LinkedHashMap<>();
    try {
      var found = places.networks().read();
      found.networks().forEach(each -> networks.put(each.name(), each));
      found.problems().forEach(this::tell);
    } catch (IOException e) {
      tell("cannot read " + places.networks().path() + ": " + e.getMessage());
    }
    for (Remembered each : remembered()) {
      networks.putIfAbsent(each.network().name(), each.network());
    }
    return networks;
  }

  /** What plugins have done and not taken back. */
  List<Remembered> remembered() {
    return Cni.remembered(places.memory());
  }

  /** Whether nobody else on the host uses them. */
  boolean areOwn() {
    return places.areOwn();
  }

  private void tell(String problem) {
    if (told.add(problem)) {
      System.getLogger(PluginNetworks.class.getName()).log(Level.WARNING, problem);
    }
  }

  /** What the engine notes of one; it is in no file of its own. */
  static NetworkRecord record(NetworkOwner owner, NetworkList list) {
    String plugins =
        list.plugins().stream().map(PluginConfig::type).collect(Collectors.joining(","));
    return new NetworkRecord(
        NetworkRecord.VERSION,
        owner.id("cni " + list.name()),
        list.name(),
        Instant.EPOCH,
        Driver.CNI,
        "",
        Optional.empty(),
        List.of(),
        true,
        false,
        false,
        true,
        Map.of("cniVersion", list.versions().getLast().word(), "plugins", plugins),
        Map.of());
  }
}

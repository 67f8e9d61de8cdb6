package dev.coffer.engine.network;

import dev.coffer.engine.model.NetworkSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The networks that every engine has, as far as nothing is recorded of them. */
public final class BuiltInNetworks {

  private BuiltInNetworks() {}

  /** Host and none, and the default bridge where nobody has needed it yet. */
  public static List<NetworkSummary> of(Networks networks) {
    NetworkOwner owner = networks.owner();
    List<NetworkSummary> all = new ArrayList<>();
    all.add(summary(owner, "host", "host"));
    all.add(summary(owner, "none", "null"));
    if (networks.get(owner.id(Networks.BRIDGE)).isEmpty()) {
      all.add(summary(owner, Networks.BRIDGE, "bridge"));
    }
    return all;
  }

  private static NetworkSummary summary(NetworkOwner owner, String name, String driver) {
    return new NetworkSummary(
        owner.id(name), name, driver, Instant.EPOCH, true, false, false, Map.of());
  }
}

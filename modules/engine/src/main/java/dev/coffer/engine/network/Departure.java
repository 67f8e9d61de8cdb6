package dev.coffer.engine.network;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.Membership;
import dev.coffer.kernel.Fd;
import dev.coffer.network.driver.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Takes back what a container that has ended had in its networks. */
final class Departure {

  private final Networks networks;
  private final Memberships memberships;
  private final PluginEnds plugins;

  Departure(Memberships memberships, PluginEnds plugins) {
    this.networks = memberships.networks();
    this.memberships = memberships;
    this.plugins = plugins;
  }

  /**
   * Notes that a container has ended: nobody finds it any more, and its ports are free when this
   * returns.
   *
   * @param connected what it had of the engine itself, if anything
   */
  Connections.Rest of(Container container, Optional<Connected> connected) {
    Membership membership = container.membership();
    List<Endpoint> ends = memberships.ends(container);
    List<Attachment> byPlugins = plugins.of(container);
    container.setMembership(membership.atRest());
    for (Attachment attachment : membership.attachments()) {
      networks.get(attachment.networkId()).ifPresent(each -> each.leave(container.id()));
    }
    boolean later = membership.ports().isEmpty();
    if (!later) {
      release(container, ends);
    }
    // Now: the container may be started again at once, and for plugins it is in the same place.
    leavePlugins(container, byPlugins, connected.flatMap(Connected::namespace));
    connected.ifPresent(Connected::close);
    return () -> {
      if (later) {
        release(container, ends);
      }
      if (!container.config().isEphemeral()) {
        saveAtRest(container);
      }
    };
  }

  private void leavePlugins(Container container, List<Attachment> all, Optional<Fd> namespace) {
    for (Attachment each : all.reversed()) {
      Network network = networks.get(each.networkId()).orElseThrow();
      try {
        plugins.disconnect(container.id(), network, each.end().orElseThrow().device(), namespace);
      } catch (IOException | RuntimeException e) {
        // It stays remembered; the next engine tries again.
        logStaying(container, network.name(), e);
      }
    }
  }

  private void release(Container container, List<Endpoint> ends) {
    for (Endpoint end : ends) {
      try {
        networks.host().driver().release(end.network(), end.spec());
        networks.get(end.network().id()).ifPresent(each -> each.giveBack(end.spec().addresses()));
      } catch (IOException | RuntimeException e) {
        logStaying(container, end.network().name(), e);
      }
    }
  }

  private static void logStaying(Container container, String network, Exception cause) {
    Memberships.log(
        "cannot take container %s out of network %s".formatted(container.name(), network), cause);
  }

  private void saveAtRest(Container container) {
    try {
      memberships.store().saveMembership(container.id(), container.membership());
    } catch (IOException e) {
      Memberships.log("cannot save the networks of container " + container.name(), e);
    }
  }
}

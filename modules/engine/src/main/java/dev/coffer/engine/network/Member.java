package dev.coffer.engine.network;

import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.network.address.InterfaceAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A running container in a network.
 *
 * @param containerId full id
 * @param containerName its name
 * @param end what it has here
 * @param names by which others here find it, in lower case, its own first
 * @param addresses its addresses here
 */
record Member(
    String containerId,
    String containerName,
    GivenEnd end,
    List<String> names,
    List<InetAddress> addresses) {

  static Member of(ContainerConfig config, Attachment attachment) {
    GivenEnd end = attachment.end().orElseThrow();
    List<String> names = new ArrayList<>(List.of(config.name(), config.shortId()));
    names.addAll(attachment.wanted().aliases());
    return new Member(
        config.id(),
        config.name(),
        end,
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList(),
        end.interfaceAddresses().stream().map(InterfaceAddress::address).toList());
  }
}

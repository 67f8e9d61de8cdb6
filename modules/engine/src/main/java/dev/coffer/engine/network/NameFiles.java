package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.oci.NetworkFiles;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.engine.state.Membership;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.dns.ResolvConf;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes what a container in networks finds in its /etc/hosts and /etc/resolv.conf. */
final class NameFiles {

  private final Networks networks;
  private final ContainerIndex containers;
  private final HostResolvers resolvers;

  NameFiles(Networks networks, ContainerIndex containers, HostResolvers resolvers) {
    this.networks = networks;
    this.containers = containers;
    this.resolvers = resolvers;
  }

  /**
   * Writes both; the files keep their inodes, which are mounted in a container that runs.
   *
   * @param membership with the ends that it has now
   */
  void write(ContainerConfig config, Membership membership, ContainerDirectory directory)
      throws IOException {
    NetworkRequest request = config.request().network();
    Files.writeString(
        directory.hosts(),
        NetworkFiles.hosts(request, gateway(membership), lines(config, membership)),
        StandardCharsets.UTF_8);
    Files.writeString(
        directory.resolvConf(),
        hasResolver(membership)
            ? NetworkFiles.embeddedResolver(request, settings(membership))
            : NetworkFiles.resolvConf(request, resolvers.fromOtherNetworks()),
        StandardCharsets.UTF_8);
  }

  /** The host's, but what the plugins of a network say otherwise. */
  private ResolvConf settings(Membership membership) {
    ResolvConf host = resolvers.settings();
    return membership.attachments().stream()
        .flatMap(each -> each.end().stream())
        .flatMap(end -> end.dns().stream())
        .findFirst()
        .map(
            dns ->
                new ResolvConf(
                    host.servers(),
                    dns.search().isEmpty() ? host.search() : dns.search(),
                    dns.options().isEmpty() ? host.options() : dns.options()))
        .orElse(host);
  }

  /** Whether names are asked of the engine: in user-defined networks. */
  boolean hasResolver(Membership membership) {
    return membership.attachments().stream()
        .flatMap(each -> networks.get(each.networkId()).stream())
        .anyMatch(network -> !network.isBuiltIn());
  }

  private String gateway(Membership membership) {
    return membership.attachments().stream()
        .flatMap(each -> networks.get(each.networkId()).stream())
        .flatMap(
            network -> Stream.of(false, true).flatMap(ipv6 -> network.ownAddress(ipv6).stream()))
        .findFirst()
        .map(Subnet::text)
        .orElse("127.0.0.1");
  }

  private List<String> lines(ContainerConfig config, Membership membership) {
    List<String> lines = new ArrayList<>();
    for (Attachment attachment : membership.attachments()) {
      networks
          .get(attachment.networkId())
          .filter(Network::isBuiltIn)
          .ifPresent(network -> linked(network, attachment, lines));
    }
    String domain = config.request().network().domainname().orElse("");
    String names =
        domain.isEmpty()
            ? config.hostname()
            : config.hostname() + "." + domain + " " + config.hostname();
    for (Attachment attachment : membership.attachments()) {
      attachment
          .end()
          .ifPresent(
              end ->
                  end.interfaceAddresses()
                      .forEach(each -> lines.add(Subnet.text(each.address()) + "\t" + names)));
    }
    return lines;
  }

  /** In the default bridge, where nobody answers for names, they stand in the file. */
  private void linked(Network network, Attachment attachment, List<String> lines) {
    for (String text : attachment.wanted().links()) {
      Link link = Link.parse(text);
      Container target = containers.find(link.container());
      Member member =
          network
              .member(target.id())
              .orElseThrow(
                  () ->
                      new EngineException(
                          Kind.CONFLICT,
                          "cannot link to container \"%s\": it does not run in network \"%s\" (start it)"
                              .formatted(target.name(), network.name())));
      for (InetAddress address : member.addresses()) {
        lines.add(
            "%s\t%s %s %s"
                .formatted(
                    Subnet.text(address), link.alias(), target.config().shortId(), target.name()));
      }
    }
  }
}

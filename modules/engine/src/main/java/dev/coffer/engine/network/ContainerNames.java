package dev.coffer.engine.network;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.state.Attachment;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.dns.Names;
import dev.coffer.network.dns.ResolvConf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What one container may know of others: those on the user-defined networks that it is in. */
final class ContainerNames implements Names {

  private final Container container;
  private final Networks networks;
  private final HostResolvers resolvers;

  ContainerNames(Container container, Networks networks, HostResolvers resolvers) {
    this.container = container;
    this.networks = networks;
    this.resolvers = resolvers;
  }

  @Override
  public Optional<List<InetAddress>> addresses(String name) {
    List<InetAddress> found = new ArrayList<>();
    for (Attachment attachment : container.membership().attachments()) {
      networks
          .get(attachment.networkId())
          .filter(network -> !network.isBuiltIn())
          .ifPresent(
              network ->
                  named(network, attachment, name)
                      .forEach(member -> found.addAll(member.addresses())));
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(found));
  }

  private static List<Member> named(Network network, Attachment attachment, String name) {
    for (String text : attachment.wanted().links()) {
      Link link = Link.parse(text);
      if (link.alias().toLowerCase(Locale.ROOT).equals(name)) {
        return network.named(link.container().toLowerCase(Locale.ROOT));
      }
    }
    List<Member> direct = network.named(name);
    String suffix = "." + network.name().toLowerCase(Locale.ROOT);
    return direct.isEmpty() && name.endsWith(suffix)
        ? network.named(name.substring(0, name.length() - suffix.length()))
        : direct;
  }

  @Override
  public Optional<String> name(InetAddress address) {
    for (Attachment attachment : container.membership().attachments()) {
      Optional<String> name =
          networks
              .get(attachment.networkId())
              .filter(network -> !network.isBuiltIn())
              .flatMap(
                  network ->
                      network
                          .at(address)
                          .map(member -> member.containerName() + "." + network.name()));
      if (name.isPresent()) {
        return name;
      }
    }
    return Optional.empty();
  }

  /** Nobody where all networks are internal: a question that leaves could tell anything. */
  @Override
  public List<InetSocketAddress> servers() {
    boolean internal =
        container.membership().attachments().stream()
            .flatMap(attachment -> networks.get(attachment.networkId()).stream())
            .allMatch(network -> network.spec().internal());
    if (internal) {
      return List.of();
    }
    List<String> own = container.config().request().network().dns();
    List<String> given = own.isEmpty() ? ofNetworks() : own;
    return given.isEmpty()
        ? resolvers.servers()
        : given.stream()
            .map(server -> new InetSocketAddress(Subnet.parseAddress(server), ResolvConf.PORT))
            .toList();
  }

  private List<String> ofNetworks() {
    return container.membership().attachments().stream()
        .flatMap(each -> each.end().stream())
        .flatMap(end -> end.dns().stream())
        .flatMap(dns -> dns.servers().stream())
        .distinct()
        .toList();
  }
}

package dev.coffer.engine.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The networks that a container is in: the content of its {@code network.json}.
 *
 * @param attachments in the order in which it came to them
 * @param ports of the host that lead to it while it runs
 * @param resolverPort where its name server listens while it runs; 0: it has none
 */
public record Membership(List<Attachment> attachments, List<GivenPort> ports, int resolverPort) {

  /** In no network. */
  public static final Membership NONE = new Membership(List.of(), List.of(), 0);

  /** What a new container's request asks for. */
  public static Membership asked(ContainerConfig config) {
    return new Membership(
        config.request().network().endpoints().stream()
            .map(each -> new Attachment("", each, Optional.empty()))
            .toList(),
        List.of(),
        0);
  }

  public Membership {
    attachments = List.copyOf(attachments);
    ports = List.copyOf(ports);
  }

  /** The attachment to a network. */
  public Optional<Attachment> in(String networkId) {
    return attachments.stream().filter(each -> each.networkId().equals(networkId)).findFirst();
  }

  /** The attachment to a network; by its name too, which is all that is known before a start. */
  public Optional<Attachment> in(String networkId, String name) {
    return attachments.stream()
        .filter(each -> each.networkId().equals(networkId) || each.wanted().network().equals(name))
        .findFirst();
  }

  /** The same with one more attachment. */
  public Membership with(Attachment attachment) {
    List<Attachment> more = new ArrayList<>(attachments);
    more.add(attachment);
    return new Membership(more, ports, resolverPort);
  }

  /** The same without one of the attachments. */
  public Membership without(Attachment attachment) {
    return with(attachments.stream().filter(each -> !each.equals(attachment)).toList());
  }

  /** The same with other attachments. */
  public Membership with(List<Attachment> others) {
    return new Membership(others, ports, resolverPort);
  }

  /** The same with other ports of the host. */
  public Membership withPorts(List<GivenPort> newPorts) {
    return new Membership(attachments, newPorts, resolverPort);
  }

  /** The same with another port of the name server. */
  public Membership withResolverPort(int port) {
    return new Membership(attachments, ports, port);
  }

  /** What is left of it when the container has ended. */
  public Membership atRest() {
    return new Membership(attachments.stream().map(Attachment::withoutEnd).toList(), List.of(), 0);
  }
}

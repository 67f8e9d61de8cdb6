package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.NetworkCommand.CreateNetwork;
import dev.coffer.engine.model.NetworkCreation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code coffer network create}. */
final class NetworkCreateCommand implements CliCommand {

  private static final String SWARM = "there is no swarm";

  private static final Option<Boolean> ATTACHABLE =
      Option.of("attachable", Type.toggle(), "Enable manual container attachment");
  private static final Option<Map<String, String>> AUX_ADDRESS =
      Option.of(
          "aux-address", Type.map(), "Auxiliary IPv4 or IPv6 addresses used by Network driver");
  private static final Option<Optional<String>> DRIVER =
      Option.of("driver", 'd', Type.text(), "Driver to manage the Network (default \"bridge\")");
  private static final Option<List<String>> GATEWAY =
      Option.of("gateway", commas(), "IPv4 or IPv6 Gateway for the master subnet");
  private static final Option<Boolean> INTERNAL =
      Option.of("internal", Type.toggle(), "Restrict external access to the network");
  private static final Option<List<String>> IP_RANGE =
      Option.of("ip-range", commas(), "Allocate container ip from a sub-range");
  private static final Option<Optional<String>> IPAM_DRIVER =
      Option.of(
          "ipam-driver",
          Type.last("string", NetworkCreateCommand::addressManager),
          "IP Address Management Driver (default \"default\")");
  private static final Option<Boolean> IPV4 =
      Option.of("ipv4", Type.toggle(true), "Enable or disable IPv4 address assignment");
  private static final Option<Boolean> IPV6 =
      Option.of("ipv6", Type.toggle(), "Enable or disable IPv6 address assignment");
  private static final Option<List<String>> LABEL =
      Option.of("label", Type.list(), "Set metadata on a network");
  private static final Option<Map<String, String>> OPT =
      Option.of("opt", 'o', Type.map(), "Set driver specific options");
  private static final Option<List<String>> SUBNET =
      Option.of("subnet", commas(), "Subnet in CIDR format that represents a network segment");

  private static final CommandModel MODEL =
      CommandModel.of(
              "network create",
              "NETWORK",
              "Create a network",
              1,
              1,
              ATTACHABLE,
              AUX_ADDRESS,
              DRIVER,
              GATEWAY,
              INTERNAL,
              IP_RANGE,
              IPAM_DRIVER,
              IPV4,
              IPV6,
              LABEL,
              OPT,
              SUBNET,
              Option.unsupported("config-from", true, SWARM),
              Option.unsupported("config-only", false, SWARM),
              Option.unsupported("ingress", false, SWARM),
              Option.unsupported("ipam-opt", true, "addresses are given out in one way"),
              Option.unsupported("scope", true, SWARM))
          .withExample("A network with names, IPv4 and IPv6", "coffer network create --ipv6 web")
          .withExample(
              "One that nothing leaves", "coffer network create --internal --subnet 10.9.0.0/24 db")
          .withExample(
              "Containers as hosts of the host's own network",
              "coffer network create -d macvlan -o parent=eth0 --subnet 192.168.1.0/24 lan");

  /** Docker takes several in one value. */
  private static Type<List<String>> commas() {
    return new Type<>(
        "strings",
        true,
        List.of(),
        (before, text) -> {
          List<String> joined = new ArrayList<>(before);
          joined.addAll(List.of(text.split(",", -1)));
          return List.copyOf(joined);
        });
  }

  private static String addressManager(String name) {
    if (name.isEmpty() || name.equals("default")) {
      return name;
    }
    throw new IllegalArgumentException("not supported: only \"default\"");
  }

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean ipv6 =
        arguments.get(IPV6) || arguments.get(SUBNET).stream().anyMatch(text -> text.contains(":"));
    NetworkCreation wanted =
        new NetworkCreation(
            arguments.first(),
            arguments.get(DRIVER).filter(driver -> !driver.isEmpty()),
            arguments.get(SUBNET),
            arguments.get(GATEWAY),
            arguments.get(IP_RANGE),
            arguments.get(AUX_ADDRESS),
            arguments.get(IPV4),
            ipv6,
            arguments.get(INTERNAL),
            arguments.get(ATTACHABLE),
            arguments.get(OPT),
            labels(arguments.get(LABEL)));
    request.line(engine.execute(new CreateNetwork(wanted)));
    return 0;
  }

  private static Map<String, String> labels(List<String> entries) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? entry : entry.substring(0, equals);
      labels.put(name, equals < 0 ? "" : entry.substring(equals + 1));
    }
    return labels;
  }
}

package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.NetworkCommand.Connect;
import dev.coffer.engine.model.EndpointRequest;
import java.util.List;
import java.util.Optional;

/** {@code coffer network connect}. */
final class NetworkConnectCommand implements CliCommand {

  private static final Option<List<String>> ALIAS =
      Option.of("alias", Type.list(), "Add network-scoped alias for the container");
  private static final Option<Optional<Integer>> GW_PRIORITY =
      Option.of(
          "gw-priority",
          Type.integer(),
          "Highest gw-priority provides the default gateway. Accepts positive and negative values");
  private static final Option<Optional<String>> IP =
      Option.of("ip", Type.text(), "IPv4 address (e.g., \"172.30.100.104\")");
  private static final Option<Optional<String>> IP6 =
      Option.of("ip6", Type.text(), "IPv6 address (e.g., \"2001:db8::33\")");
  private static final Option<List<String>> LINK =
      Option.of("link", Type.list(), "Add link to another container");

  private static final CommandModel MODEL =
      CommandModel.of(
          "network connect",
          "NETWORK CONTAINER",
          "Connect a container to a network",
          2,
          2,
          ALIAS,
          GW_PRIORITY,
          IP,
          IP6,
          LINK,
          Option.unsupported("driver-opt", true, "ends have no options"),
          Option.unsupported("link-local-ip", true, "the kernel gives one where IPv6 is on"));

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    EndpointRequest wanted =
        new EndpointRequest(
            arguments.first(),
            arguments.get(ALIAS),
            arguments.get(LINK),
            arguments.get(IP),
            arguments.get(IP6),
            Optional.empty(),
            arguments.get(GW_PRIORITY).orElse(0));
    engine.execute(new Connect(arguments.positionals().getLast(), wanted));
    return 0;
  }
}

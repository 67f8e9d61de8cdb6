package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.testing.Cli;
import dev.coffer.cli.testing.FakeConsole;
import dev.coffer.cli.testing.FakeEngine;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Inspect;
import dev.coffer.engine.command.NetworkCommand.Connect;
import dev.coffer.engine.command.NetworkCommand.CreateNetwork;
import dev.coffer.engine.command.NetworkCommand.Disconnect;
import dev.coffer.engine.command.NetworkCommand.InspectNetwork;
import dev.coffer.engine.command.NetworkCommand.ListNetworks;
import dev.coffer.engine.command.NetworkCommand.PruneNetworks;
import dev.coffer.engine.command.NetworkCommand.RemoveNetwork;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.engine.model.ContainerInspect;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.model.NetworkInspect;
import dev.coffer.engine.model.NetworkSummary;
import dev.coffer.engine.model.PruneFilter;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkCommandsTest {

  private static final String ID = "0123456789abcdef".repeat(4);

  private final FakeEngine engine = new FakeEngine().on(NameInStore.class, NameInStore::name);
  private final Cli cli = new Cli(engine);

  @Test
  void createTakesDockersOptions() {
    engine.on(CreateNetwork.class, _ -> ID);
    Cli.Result result =
        cli.run(
            ("network create -d bridge --subnet 10.1.0.0/16,fd00:1::/64 --gateway 10.1.0.9"
                    + " --ip-range 10.1.2.0/24 --aux-address nas=10.1.0.5 --internal --attachable"
                    + " -o com.docker.network.driver.mtu=1400 --label a=b --label c web")
                .split(" "));
    assertThat(result.out()).isEqualTo(ID + "\n");
    assertThat(engine.only(CreateNetwork.class).request())
        .isEqualTo(
            new NetworkCreation(
                "web",
                Optional.of("bridge"),
                List.of("10.1.0.0/16", "fd00:1::/64"),
                List.of("10.1.0.9"),
                List.of("10.1.2.0/24"),
                Map.of("nas", "10.1.0.5"),
                true,
                true,
                true,
                true,
                Map.of("com.docker.network.driver.mtu", "1400"),
                Map.of("a", "b", "c", "")));
    assertThat(cli.run("network", "create", "--ingress", "x").err()).contains("there is no swarm");
  }

  @Test
  void listShowsDockersColumns() {
    engine.on(
        ListNetworks.class,
        _ ->
            List.of(
                new NetworkSummary(
                    ID, "web", "bridge", Instant.EPOCH, true, false, true, Map.of("a", "b"))));
    assertThat(cli.run("network", "ls", "--filter", "driver=bridge").out())
        .isEqualTo(
            "NETWORK ID     NAME      DRIVER    SCOPE\n0123456789ab   web       bridge    local\n");
    assertThat(engine.only(ListNetworks.class).filters())
        .isEqualTo(Map.of("driver", List.of("bridge")));
  }

  @Test
  void listPrintsIdsAndJson() {
    engine.on(
        ListNetworks.class,
        _ ->
            List.of(
                new NetworkSummary(
                    ID, "web", "bridge", Instant.EPOCH, true, false, true, Map.of("a", "b"))));
    assertThat(cli.run("network", "list", "-q", "--no-trunc").out()).isEqualTo(ID + "\n");
    Cli.Result json = new Cli(engine).run("network", "ls", "--format", "json");
    assertThat(json.out())
        .isEqualTo(
            ("{\"CreatedAt\":\"1970-01-01 00:00:00 +0000 UTC\",\"Driver\":\"bridge\","
                + "\"ID\":\"0123456789ab\",\"IPv4\":\"true\",\"IPv6\":\"false\","
                + "\"Internal\":\"true\",\"Labels\":\"a=b\",\"Name\":\"web\","
                + "\"Scope\":\"local\"}\n"));
  }

  @Test
  void connectAndDisconnect() {
    cli.run(
        "network connect --alias a --ip 10.1.0.2 --link db:d --gw-priority -3 web c".split(" "));
    assertThat(engine.only(Connect.class))
        .isEqualTo(
            new Connect(
                "c",
                new EndpointRequest(
                    "web",
                    List.of("a"),
                    List.of("db:d"),
                    Optional.of("10.1.0.2"),
                    Optional.empty(),
                    Optional.empty(),
                    -3)));
    cli.run("network", "disconnect", "-f", "web", "c");
    assertThat(engine.only(Disconnect.class)).isEqualTo(new Disconnect("web", "c", true));
  }

  @Test
  void removalTellsEachFailureAndWithForceNoneOfWhatIsGone() {
    engine.fail(RemoveNetwork.class, Kind.NOT_FOUND, "no such network: web");
    Cli.Result result = cli.run("network", "rm", "web", "web");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("coffer: no such network: web\ncoffer: no such network: web\n");
    assertThat(new Cli(engine).run("network", "remove", "-f", "web").code()).isZero();
  }

  @Test
  void pruneAsksFirst() {
    engine.on(PruneNetworks.class, _ -> List.of("web", "db"));
    cli.console(FakeConsole.terminal(24, 80).typing("n"));
    cli.run("network", "prune");
    assertThat(engine.executed()).isEmpty();
    Cli.Result result =
        new Cli(engine).run("network", "prune", "--force", "--filter", "label!=keep");
    assertThat(result.out()).isEqualTo("Deleted Networks:\nweb\ndb\n\n");
    assertThat(engine.only(PruneNetworks.class).filter())
        .isEqualTo(new PruneFilter(Optional.empty(), List.of(), List.of("keep")));
  }

  @Test
  void inspectPrintsAList() {
    engine.on(
        InspectNetwork.class,
        _ -> new NetworkInspect(JsonObject.builder().put("Name", "web").build()));
    assertThat(cli.run("network", "inspect", "-f", "{{.Name}}", "web").out()).isEqualTo("web\n");
    assertThat(new Cli(engine).run("inspect", "--type", "network", "web").out())
        .startsWith("[")
        .contains("\"Name\": \"web\"");
  }

  @Test
  void portListsWhatIsPublished() {
    String json =
        """
        {"NetworkSettings": {"Ports": {"90/tcp": null, "80/tcp": [
          {"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}]}}}
        """;
    engine.on(
        Inspect.class,
        _ ->
            new ContainerInspect(
                JsonCursor.read("test", json.getBytes(StandardCharsets.UTF_8), Limits.STATE)
                    .object()));
    assertThat(cli.run("port", "web").out())
        .isEqualTo("80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n");
    assertThat(new Cli(engine).run("container", "port", "web", "80").out())
        .isEqualTo("0.0.0.0:8080\n[::]:8080\n");
    Cli.Result none = new Cli(engine).run("port", "web", "90/tcp");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).isEqualTo("coffer: port 90/tcp of container \"web\" is not published\n");
  }

  @Test
  void theEnvironmentSaysTheNetworkWhereNothingElseDoes() {
    engine.fail(Create.class, Kind.FAILED, "enough");
    new Cli(engine).environment("COFFER_NETWORK", "none").run("create", "busybox");
    assertThat(engine.only(Create.class).request().network().mode()).isEqualTo("none");
  }

  @Test
  void anOptionGoesBeforeTheEnvironment() {
    engine.fail(Create.class, Kind.FAILED, "enough");
    new Cli(engine)
        .environment("COFFER_NETWORK", "none")
        .run("create", "--network", "web", "busybox");
    assertThat(engine.only(Create.class).request().network().mode()).isEqualTo("web");
  }
}

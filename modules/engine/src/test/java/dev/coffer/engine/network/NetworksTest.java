package dev.coffer.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.state.NetworkRecord;
import dev.coffer.engine.state.NetworkStore;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {

  private static final NetworkOwner OWNER = new NetworkOwner(Optional.of("0123456789abcdef"));

  @TempDir Path root;
  private final FakeNetworkHost host = new FakeNetworkHost();
  private Networks networks;

  @BeforeEach
  void open() throws IOException {
    networks =
        Networks.open(new NetworkStore(root), OWNER, new Ids(), host::open, host.places(root));
    networks.begun();
  }

  private static NetworkCreation creation(
      List<String> subnets,
      List<String> gateways,
      List<String> ranges,
      Map<String, String> options) {
    boolean ipv6 = subnets.stream().anyMatch(text -> text.contains(":"));
    return new NetworkCreation(
        "web",
        Optional.empty(),
        subnets,
        gateways,
        ranges,
        Map.of(),
        true,
        ipv6,
        false,
        false,
        options,
        Map.of("a", "b"));
  }

  private static void fails(ThrowingCallable action, Kind kind, String message) {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(action)
        .withMessageContaining(message)
        .extracting(EngineException::kind)
        .isEqualTo(kind);
  }

  @Test
  void aNetworkIsFoundByNameIdAndPrefixByThisEngineAndTheNext() throws IOException {
    Network web = networks.create(creation(List.of(), List.of(), List.of(), Map.of()));
    NetworkRecord record = web.record();
    assertThat(record.device()).isEqualTo("cf-" + record.shortId());
    assertThat(record.ranges())
        .containsExactly(
            new NetworkRecord.Range("10.220.0.0/20", "10.220.0.1", Optional.empty(), Map.of()));
    assertThat(host.present).containsExactly("bridge " + record.device());
    Networks next =
        Networks.open(new NetworkStore(root), OWNER, new Ids(), host::open, host.places(root));
    for (Networks each : List.of(networks, next)) {
      for (String given : List.of("web", record.id(), record.id().substring(0, 5))) {
        assertThat(each.find(given).record()).isEqualTo(record);
      }
    }
    fails(() -> networks.find("wob"), Kind.NOT_FOUND, "no such network: wob");
    networks.remove(web);
    assertThat(host.present).isEmpty();
    assertThat(new NetworkStore(root).load()).isEmpty();
    fails(() -> networks.find("web"), Kind.NOT_FOUND, "no such network: web");
  }

  @Test
  void theDefaultBridgeIsMadeUpWhenItIsNeededAndStays() {
    host.routes.add(Subnet.parse("10.210.7.0/24"));
    host.routes.add(Subnet.parse("0.0.0.0/0"));
    assertThat(networks.all()).isEmpty();
    Network bridge = networks.find("bridge");
    assertThat(bridge.record().ranges().getFirst().subnet()).isEqualTo("10.211.0.0/16");
    assertThat(bridge.record().device()).isEqualTo("coffer-01234567");
    assertThat(networks.find(OWNER.id("bridge"))).isSameAs(bridge);
    fails(() -> networks.remove(bridge), Kind.CONFLICT, "it is the default bridge");
    assertThat(new NetworkOwner(Optional.empty()).defaultBridge()).isEqualTo("coffer0");
  }

  @Test
  void subnetsAreThoseThatNothingIsIn() {
    host.routes.add(Subnet.parse("10.220.0.0/17"));
    NetworkCreation plain = NetworkCreation.bridge("one");
    assertThat(networks.create(plain).record().ranges().getFirst().subnet())
        .isEqualTo("10.220.128.0/20");
    assertThat(networks.create(NetworkCreation.bridge("two")).record().ranges().getFirst().subnet())
        .isEqualTo("10.220.144.0/20");
    for (int i = 0; i < 200; i++) {
      networks.create(NetworkCreation.bridge("n" + i));
    }
    assertThat(networks.find("n199").record().ranges().getFirst().subnet()).endsWith("/22");
  }

  @Test
  void bothKindsOfAddressesAreGivenOut() {
    Network web =
        networks.create(
            creation(
                List.of("fd00:1::/64", "10.9.0.0/16"),
                List.of("10.9.1.1"),
                List.of("10.9.2.0/30"),
                Map.of()));
    List<InterfaceAddress> taken = web.take(EndpointRequest.plain("web"), "x");
    assertThat(taken).extracting(Object::toString).containsExactly("10.9.2.0/16", "fd00:1::2/64");
    EndpointRequest same =
        new EndpointRequest(
            "web",
            List.of(),
            List.of(),
            Optional.of("10.9.2.0"),
            Optional.empty(),
            Optional.empty(),
            0);
    fails(
        () -> web.take(same, "y"), Kind.CONFLICT, "address 10.9.2.0 of network \"web\" is in use");
    web.giveBack(taken);
    assertThat(web.take(same, "y").getFirst()).hasToString("10.9.2.0/16");
    for (int i = 0; i < 3; i++) {
      assertThat(web.take(EndpointRequest.plain("web"), "z")).hasSize(2);
    }
    fails(
        () -> web.take(EndpointRequest.plain("web"), "z"),
        Kind.FAILED,
        "no address of network \"web\" is free");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.9.0.0/16 |          | | x                             | unknown option "x" of driver bridge
          10.9.0.0    |          | |                               | invalid subnet "10.9.0.0"
          10.8.0.0/16 |          | |                               | overlaps 10.8.4.0/24, which is in use
          10.9.0.0/16 | 10.10.0.1| |                               | gateway 10.10.0.1 is in no subnet
          10.9.0.0/16 |          | 10.1.0.0/24 |                   | range 10.1.0.0/24 is in no subnet
          10.9.0.0/16 |          | | com.docker.network.driver.mtu | invalid mtu "1"
          """)
  void whatIsWrongIsToldAndLeavesNothing(
      String subnet, String gateway, String range, String option, String message) {
    host.routes.add(Subnet.parse("10.8.4.0/24"));
    NetworkCreation wrong =
        creation(
            List.of(subnet),
            gateway == null ? List.of() : List.of(gateway),
            range == null ? List.of() : List.of(range),
            option == null ? Map.of() : Map.of(option, "1"));
    fails(
        () -> networks.create(wrong),
        Kind.INVALID,
        message.replace("invalid mtu \"1\"", "invalid mtu 1"));
    assertThat(networks.all()).isEmpty();
    assertThat(host.present).isEmpty();
  }

  @Test
  void namesAreUniqueAndSomeAreTaken() {
    networks.create(NetworkCreation.bridge("web"));
    for (String name : List.of("web", "bridge", "host", "none", "default")) {
      fails(
          () -> networks.create(NetworkCreation.bridge(name)), Kind.CONFLICT, "the name is in use");
    }
    fails(() -> networks.create(NetworkCreation.bridge("-x")), Kind.INVALID, "invalid name");
  }

  @Test
  void aHostThatCannotHaveABridgeKeepsNoRecordOfIt() throws IOException {
    host.failing = Optional.of("bridge");
    fails(
        () -> networks.create(NetworkCreation.bridge("web")),
        Kind.FAILED,
        "cannot create network \"web\": no bridge today");
    assertThat(new NetworkStore(root).load()).isEmpty();
    host.failing = Optional.empty();
    assertThat(networks.create(NetworkCreation.bridge("web")).name()).isEqualTo("web");
  }
}

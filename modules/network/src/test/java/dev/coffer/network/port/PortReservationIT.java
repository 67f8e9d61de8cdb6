package dev.coffer.network.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.network.firewall.Protocol;
import dev.coffer.network.lab.Host;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ports of a host that is a network namespace. */
@Timeout(60)
class PortReservationIT {
  private static final List<InetAddress> EVERYWHERE = List.of(Host.of("0.0.0.0"), Host.of("::"));

  private NamespaceThread visitor;
  private Host host;
  private NamespaceThread home;

  @BeforeEach
  void build() throws Exception {
    visitor = NamespaceThread.start();
    host = Host.create(visitor);
    home = NamespaceThread.start(host.namespace());
  }

  @AfterEach
  void demolish() {
    home.close();
    host.close();
    visitor.close();
  }

  private PortReservation take(Protocol protocol, List<InetAddress> addresses, int port)
      throws IOException {
    return PortReservation.take(home, protocol, addresses, port);
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"TCP", "UDP"})
  void whatIsHeldNobodyElseGets(Protocol protocol) throws Exception {
    try (PortReservation held = take(protocol, EVERYWHERE, 8080)) {
      assertThat(held.port()).isEqualTo(8080);
      for (String address : List.of("0.0.0.0", "127.0.0.1", "::", "::1")) {
        assertThatThrownBy(() -> take(protocol, List.of(Host.of(address)), 8080))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("8080/" + protocol.word() + " is in use");
      }
      assertThatThrownBy(() -> serve(8080, protocol == Protocol.TCP).close())
          .hasMessageContaining("in use");
      take(protocol, EVERYWHERE, 8081).close();
      assertThat(host.tcp("127.0.0.1", 8080)).isEqualTo(Host.REFUSED);
    }
    take(protocol, EVERYWHERE, 8080).close();
  }

  private AutoCloseable serve(int port, boolean tcp) throws IOException {
    return tcp ? host.serveTcp(port) : host.serveUdp(new InetSocketAddress(port));
  }

  @ParameterizedTest
  @EnumSource(
      value = Protocol.class,
      names = {"TCP", "UDP"})
  void aClashNamesItsHolder(Protocol protocol) throws Exception {
    String program = ProcessHandle.current().info().command().orElseThrow();
    String name = program.substring(program.lastIndexOf('/') + 1);
    try (var _ = serve(8080, protocol == Protocol.TCP)) {
      assertThatThrownBy(() -> take(protocol, EVERYWHERE, 8080))
          .hasMessage(
              "port 8080/%s is in use by \"%s\" (pid %d)"
                  .formatted(protocol.word(), name, ProcessHandle.current().pid()));
      assertThatThrownBy(() -> take(protocol, List.of(Host.of("127.0.0.1")), 8080))
          .hasMessageStartingWith("port 127.0.0.1:8080/" + protocol.word() + " is in use by \"");
    }
  }

  @Test
  void anotherReservationNamesItsEngine() throws Exception {
    String[] release = dev.coffer.kernel.Host.uname().release().split("[.-]");
    int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
    String pid = " (pid " + ProcessHandle.current().pid() + ")";
    try (var _ = take(Protocol.TCP, EVERYWHERE, 8080)) {
      for (InetAddress address : EVERYWHERE) {
        assertThatThrownBy(() -> take(Protocol.TCP, List.of(address), 8080))
            .hasMessage("port 8080/tcp is in use" + (version >= 6008 ? " by \"java\"" + pid : ""));
      }
    }
  }

  @Test
  void aPortThatIsFreeIsSoEverywhere() throws Exception {
    try (PortReservation one = take(Protocol.TCP, EVERYWHERE, 0);
        PortReservation two = take(Protocol.TCP, EVERYWHERE, 0)) {
      assertThat(one.port()).isPositive().isNotEqualTo(two.port());
      for (InetAddress address : EVERYWHERE) {
        assertThatThrownBy(() -> take(Protocol.TCP, List.of(address), one.port()))
            .hasMessageContaining("in use");
      }
    }
  }

  @Test
  void thoseOfOtherAddressesAreFree() throws Exception {
    host.shell("ip addr add 192.0.2.1/32 dev lo; ip addr add 192.0.2.2/32 dev lo");
    try (var _ = take(Protocol.TCP, List.of(Host.of("192.0.2.1")), 80);
        var _ = take(Protocol.TCP, List.of(Host.of("192.0.2.2")), 80)) {
      assertThatThrownBy(() -> take(Protocol.TCP, List.of(Host.of("0.0.0.0")), 80))
          .hasMessageStartingWith("port 80/tcp is in use");
    }
    assertThatThrownBy(() -> take(Protocol.TCP, List.of(Host.of("192.0.2.3")), 80))
        .hasMessage("cannot take port 192.0.2.3:80/tcp: the host has no address 192.0.2.3");
  }

  @Test
  void connectionsThatHaveEndedKeepNobodyOut() throws Exception {
    try (ServerSocketChannel server =
        visitor.in(host.namespace(), () -> ServerSocketChannel.open(StandardProtocolFamily.INET))) {
      server.bind(new InetSocketAddress(Host.of("127.0.0.1"), 8080));
      try (SocketChannel client = visitor.in(host.namespace(), SocketChannel::open)) {
        client.connect(new InetSocketAddress(Host.of("127.0.0.1"), 8080));
        // Who closes first has the remains.
        server.accept().close();
        client.read(ByteBuffer.allocate(1));
      }
    }
    assertThat(host.shell("cat /proc/net/tcp")).contains(":1F90 0100007F:");
    try (var _ = take(Protocol.TCP, List.of(Host.of("0.0.0.0")), 8080);
        ServerSocketChannel later =
            visitor.in(
                host.namespace(), () -> ServerSocketChannel.open(StandardProtocolFamily.INET))) {
      later.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      assertThatThrownBy(() -> later.bind(new InetSocketAddress(Host.of("0.0.0.0"), 8080)))
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aProtocolThatTheKernelLacksIsNamed() throws Exception {
    boolean there = host.shell("cat /proc/net/protocols").contains("SCTP");
    if (there) {
      take(Protocol.SCTP, EVERYWHERE, 80).close();
    } else {
      assertThatThrownBy(() -> take(Protocol.SCTP, EVERYWHERE, 80))
          .hasMessage("cannot take port 80/sctp: the kernel has no sctp");
    }
  }

  @Test
  void datagramsWaitForNobody() throws Exception {
    try (var _ = take(Protocol.UDP, EVERYWHERE, 8080);
        DatagramChannel client = host.udpClient("127.0.0.1", 8080)) {
      assertThat(Host.ask(client)).isEqualTo(Host.SILENCE);
    }
  }
}

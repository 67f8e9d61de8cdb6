package dev.coffer.network.dns;

import static dev.coffer.network.dns.Asking.byTcp;
import static dev.coffer.network.dns.Asking.byUdp;
import static dev.coffer.network.dns.Asking.data;
import static dev.coffer.network.dns.Asking.question;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/** Clients that are served, by UDP and TCP, without a namespace. */
@Timeout(60)
class ResolverTest {
  private static final Limits LIMITS =
      new Limits(
          8, 4, 6, 3, Duration.ofMillis(100), Duration.ofMillis(600), Duration.ofMillis(400));

  private final Resolver resolver = new Resolver(LIMITS);
  private final KnownNames names = KnownNames.nothing().with("web", "10.1.0.2", "fd00::2");

  @AfterEach
  void closeAll() {
    resolver.close();
  }

  private Resolver.Service serve(Names known) throws IOException {
    return resolver.serve(Sockets.open(InetAddress.ofLiteral("127.0.0.1"), 0), known);
  }

  @Test
  void namesAreAnsweredByUdpAndTcp() throws IOException {
    int port = serve(names).port();
    assertThat(data(byUdp(port, question("web", Type.A)))).containsExactly("10.1.0.2");
    assertThat(data(byTcp(port, question("web", Type.AAAA)))).hasSize(1);
  }

  @Test
  void everyContainerHasNamesOfItsOwn() throws IOException {
    int one = serve(names).port();
    int other = serve(KnownNames.nothing().with("web", "10.2.0.2")).port();
    int none = serve(KnownNames.nothing()).port();
    assertThat(data(byUdp(one, question("web", Type.A)))).containsExactly("10.1.0.2");
    assertThat(data(byUdp(other, question("web", Type.A)))).containsExactly("10.2.0.2");
    assertThat(data(byUdp(none, question("web", Type.A)))).isEmpty();
    assertThat(byUdp(none, question("2.0.1.10.in-addr.arpa", Type.PTR)).getRcode()).isEqualTo(3);
  }

  @Test
  void aPortIsFreeAgainWhenItsServiceIsClosed() throws IOException {
    Resolver.Service first = serve(names);
    int port = first.port();
    assertThatThrownBy(() -> Sockets.open(InetAddress.ofLiteral("127.0.0.1"), port))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot serve names at 127.0.0.1:" + port);
    try (Socket client = Asking.connect(port)) {
      Asking.send(client, question("web", Type.A).toWire());
      assertThat(data(new Message(Asking.receive(client)))).hasSize(1);
      first.close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    first.close();
    resolver.serve(Sockets.open(InetAddress.ofLiteral("127.0.0.1"), port), names);
    assertThat(data(byUdp(port, question("web", Type.A)))).hasSize(1);
    assertThat(data(byTcp(port, question("web", Type.A)))).hasSize(1);
  }

  @Test
  void aClosedResolverServesNobody() throws IOException {
    Resolver.Service service = serve(names);
    resolver.close();
    service.close();
    resolver.close();
    Sockets sockets = Sockets.open(InetAddress.ofLiteral("127.0.0.1"), 0);
    assertThatThrownBy(() -> resolver.serve(sockets, names))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
    assertThat(sockets.datagrams().isOpen()).isFalse();
  }

  @Test
  void oneConnectionBringsManyQuestions() throws IOException {
    int port = serve(names).port();
    try (Socket client = Asking.connect(port)) {
      List<Integer> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Message question = question("web", Type.A);
        asked.add(question.getHeader().getID());
        Asking.send(client, question.toWire());
      }
      List<Integer> answered = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answered.add(new Message(Asking.receive(client)).getHeader().getID());
      }
      assertThat(answered).isEqualTo(asked);
    }
  }

  /** Bytes that come one by one are no reason to keep a connection. */
  @Test
  void slowClientsLoseTheirConnection() throws IOException {
    int port = serve(names).port();
    try (Socket slow = Asking.connect(port);
        Socket silent = Asking.connect(port)) {
      slow.getOutputStream().write(0);
      long start = System.nanoTime();
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
    }
    assertThat(data(byTcp(port, question("web", Type.A)))).hasSize(1);
  }

  /** Who sends questions and takes no answers is waited for no longer than who sends nothing. */
  @Test
  void clientsThatDoNotReadLoseTheirConnection() throws IOException {
    String[] many =
        IntStream.rangeClosed(1, 250).mapToObj(i -> "10.9.0." + i).toArray(String[]::new);
    int port = serve(names.with("crowd", many)).port();
    byte[] question = question("crowd", Type.A).toWire();
    try (Socket client = Asking.connect(port)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  Asking.send(client, question);
                }
              })
          .isInstanceOf(SocketException.class);
    }
    assertThat(data(byTcp(port, question("crowd", Type.A)))).hasSize(250);
  }

  @Test
  void manyContainersAreServed() throws IOException {
    List<Integer> ports = new ArrayList<>();
    List<Resolver.Service> services = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Resolver.Service service = serve(KnownNames.nothing().with("self", "10.0.0." + i));
      services.add(service);
      ports.add(service.port());
    }
    for (int i = 0; i < ports.size(); i++) {
      assertThat(data(byUdp(ports.get(i), question("self", Type.A))))
          .containsExactly("10.0.0." + i);
    }
    services.forEach(Resolver.Service::close);
    for (int port : ports) {
      Sockets.open(InetAddress.ofLiteral("127.0.0.1"), port).close();
    }
  }

  @Test
  void messagesWithoutSenseEndTheConnection() throws IOException {
    int port = serve(names).port();
    for (byte[] bytes : List.of(new byte[] {-1, -1, 0}, new byte[] {0, 3, 1, 2, 3})) {
      try (Socket client = Asking.connect(port)) {
        client.getOutputStream().write(bytes);
        assertThat(ends(client)).isTrue();
      }
    }
    assertThat(data(byTcp(port, question("web", Type.A)))).hasSize(1);
  }

  private static boolean ends(Socket client) throws IOException {
    try {
      return client.getInputStream().read() == -1;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void noiseIsSurvived() throws IOException {
    int port = serve(names).port();
    Random random = new Random(8);
    try (DatagramSocket client = new DatagramSocket()) {
      for (int i = 0; i < 2_000; i++) {
        byte[] noise = new byte[random.nextInt(1_500)];
        random.nextBytes(noise);
        client.send(
            new DatagramPacket(noise, noise.length, InetAddress.getLoopbackAddress(), port));
      }
    }
    for (int i = 0; i < 50; i++) {
      try (Socket client = Asking.connect(port)) {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        client.getOutputStream().write(noise);
      }
    }
    assertThat(data(byUdp(port, question("web", Type.A)))).hasSize(1);
    assertThat(data(byTcp(port, question("web", Type.A)))).hasSize(1);
  }

  @Test
  void connectionsAreCounted() throws IOException {
    int port = serve(names).port();
    int other = serve(names).port();
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < LIMITS.connections(); i++) {
        Socket client = Asking.connect(port);
        open.add(client);
        Asking.send(client, question("web", Type.A).toWire());
        assertThat(Asking.receive(client)).isNotEmpty();
      }
      try (Socket oneMore = Asking.connect(port)) {
        assertThat(ends(oneMore)).isTrue();
      }
      assertThat(data(byTcp(other, question("web", Type.A)))).hasSize(1);
    } finally {
      for (Socket client : open) {
        client.close();
      }
    }
  }

  /** Whatever the engine's part does wrong hits this container alone. */
  @Test
  void namesThatFailDisturbNobody() throws IOException {
    int broken = serve(new Broken()).port();
    int port = serve(names).port();
    try (Socket client = Asking.connect(broken)) {
      Asking.send(client, question("web", Type.A).toWire());
      assertThat(ends(client)).isTrue();
    }
    assertThat(data(byUdp(port, question("web", Type.A)))).hasSize(1);
  }

  private record Broken() implements Names {
    @Override
    public Optional<List<InetAddress>> addresses(String name) {
      throw new IllegalStateException("broken on purpose");
    }

    @Override
    public Optional<String> name(InetAddress address) {
      throw new IllegalStateException("broken on purpose");
    }

    @Override
    public List<InetSocketAddress> servers() {
      throw new IllegalStateException("broken on purpose");
    }
  }
}

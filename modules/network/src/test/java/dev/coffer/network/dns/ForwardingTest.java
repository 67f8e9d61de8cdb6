package dev.coffer.network.dns;

import static dev.coffer.network.dns.Asking.answer;
import static dev.coffer.network.dns.Asking.byTcp;
import static dev.coffer.network.dns.Asking.byUdp;
import static dev.coffer.network.dns.Asking.data;
import static dev.coffer.network.dns.Asking.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Names that are not ours, and servers that behave well and badly. */
@Timeout(60)
class ForwardingTest {
  private static final Limits LIMITS =
      new Limits(
          8, 4, 6, 8, Duration.ofMillis(300), Duration.ofMillis(1_500), Duration.ofSeconds(5));

  private static final FakeServer.Behaviour GOOD =
      (question, back) -> back.send(answer(question, Rcode.NOERROR, "192.0.2.1").toWire());
  private static final FakeServer.Behaviour DEAD = (question, back) -> {};

  private final Resolver resolver = new Resolver(LIMITS);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    resolver.close();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private FakeServer server(FakeServer.Behaviour behaviour) throws IOException {
    FakeServer server = new FakeServer(behaviour);
    open.add(server);
    return server;
  }

  private int serve(FakeServer... servers) throws IOException {
    return serve(Stream.of(servers).map(FakeServer::address).toArray(InetSocketAddress[]::new));
  }

  private int serve(InetSocketAddress... servers) throws IOException {
    Names names = KnownNames.nothing().with("web", "10.1.0.2").asking(servers);
    return resolver.serve(Sockets.open(InetAddress.ofLiteral("127.0.0.1"), 0), names).port();
  }

  @Test
  void questionsAndAnswersPassUnchanged() throws IOException {
    FakeServer server = server(GOOD);
    Message question = question("eXample.org", Type.A, new OPTRecord(1400, 0, 0, 0x8000));
    Message answer = byUdp(serve(server), question);
    assertThat(data(answer)).containsExactly("192.0.2.1");
    assertThat(answer.getHeader().getID()).isEqualTo(question.getHeader().getID());
    assertThat(answer.getQuestion().getName()).hasToString("eXample.org.");
    byte[] asked = server.questions().getFirst();
    byte[] wire = question.toWire();
    asked[0] = wire[0];
    asked[1] = wire[1];
    assertThat(asked).isEqualTo(wire);
  }

  @Test
  void unknownTypesPass() throws IOException {
    FakeServer server = server(GOOD);
    assertThat(data(byUdp(serve(server), question("example.org", 65_280)))).hasSize(1);
  }

  @Test
  void tcpIsForwardedByTcp() throws IOException {
    FakeServer server =
        server(
            (question, back) -> {
              assertThat(back.isTcp()).isTrue();
              GOOD.asked(question, back);
            });
    assertThat(data(byTcp(serve(server), question("example.org", Type.A))))
        .containsExactly("192.0.2.1");
  }

  @Test
  void largeAnswersComeByTcp() throws IOException {
    FakeServer server =
        server(
            (question, back) -> {
              Message answer = answer(question, Rcode.NOERROR);
              if (back.isTcp()) {
                org.xbill.DNS.Name name = answer.getQuestion().getName();
                List<String> text = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                  text.add("x".repeat(250));
                }
                answer.addRecord(new TXTRecord(name, 1, 5, text), 1);
              } else {
                answer.getHeader().setFlag(Flags.TC);
              }
              back.send(answer.toWire());
            });
    int port = serve(server);
    assertThat(byUdp(port, question("example.org", Type.TXT)).getHeader().getFlag(Flags.TC))
        .isTrue();
    assertThat(byTcp(port, question("example.org", Type.TXT)).toWire()).hasSizeGreaterThan(50_000);
  }

  @Test
  void anAnswerThatIsTooLargeForTheClientSendsItToTcp() throws IOException {
    FakeServer server =
        server(
            (question, back) -> {
              String[] many = new String[60];
              for (int i = 0; i < many.length; i++) {
                many[i] = "192.0.2." + i;
              }
              back.send(answer(question, Rcode.NOERROR, many).toWire());
            });
    int port = serve(server);
    byte[] answer = byUdp(port, question("example.org", Type.A).toWire());
    assertThat(answer).hasSizeLessThanOrEqualTo(512);
    assertThat(new Message(answer).getHeader().getFlag(Flags.TC)).isTrue();
    Message edns = byUdp(port, question("example.org", Type.A, new OPTRecord(4096, 0, 0)));
    assertThat(data(edns)).hasSize(60);
  }

  @Test
  void thatThereIsNoSuchNamePasses() throws IOException {
    FakeServer next = server(GOOD);
    FakeServer server =
        server((question, back) -> back.send(answer(question, Rcode.NXDOMAIN).toWire()));
    assertThat(byUdp(serve(server, next), question("example.org", Type.A)).getRcode())
        .isEqualTo(Rcode.NXDOMAIN);
    assertThat(next.questions()).isEmpty();
  }

  @Test
  void theNextIsAskedWhenOneIsDead() throws IOException {
    FakeServer dead = server(DEAD);
    assertThat(data(byUdp(serve(dead, server(GOOD)), question("example.org", Type.A)))).hasSize(1);
    assertThat(dead.questions()).hasSize(1);
  }

  @Test
  void aDeadServerDelaysOneQuestionAndNotEach() throws IOException {
    FakeServer dead = server(DEAD);
    int port = serve(dead, server(GOOD));
    assertThat(data(byUdp(port, question("example.org", Type.A)))).hasSize(1);
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertThat(data(byUdp(port, question("example.org", Type.A)))).hasSize(1);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(LIMITS.retry().multipliedBy(5));
    assertThat(dead.questions()).hasSize(1);
  }

  @Test
  void aServerThatWasSilentIsAskedAgain() throws IOException {
    boolean[] alive = new boolean[1];
    FakeServer late =
        server(
            (question, back) -> {
              if (alive[0]) {
                GOOD.asked(question, back);
              }
            });
    int port = serve(late);
    assertThat(byUdp(port, question("example.org", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
    alive[0] = true;
    assertThat(data(byUdp(port, question("example.org", Type.A)))).hasSize(1);
  }

  @Test
  void theNextIsAskedAtOnceWhenNobodyIsThere() throws IOException {
    InetSocketAddress nobody;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), gone.getLocalPort());
    }
    InetSocketAddress unroutable =
        new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), 53);
    int port = serve(nobody, unroutable, server(GOOD).address());
    assertThat(data(byUdp(port, question("example.org", Type.A)))).hasSize(1);
    assertThat(data(byTcp(port, question("example.org", Type.A)))).hasSize(1);
    assertThat(byUdp(serve(nobody), question("example.org", Type.A)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void theNextIsAskedWhenOneCannotAnswer() throws IOException {
    for (int rcode : new int[] {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP}) {
      FakeServer unable = server((question, back) -> back.send(answer(question, rcode).toWire()));
      int port = serve(unable, server(GOOD));
      assertThat(data(byUdp(port, question("example.org", Type.A)))).hasSize(1);
      assertThat(byUdp(serve(unable), question("example.org", Type.A)).getRcode()).isEqualTo(rcode);
      assertThat(unable.questions()).hasSize(2);
    }
  }

  @Test
  void aLostQuestionIsAskedAgain() throws IOException {
    FakeServer[] self = new FakeServer[1];
    self[0] =
        server(
            (question, back) -> {
              if (self[0].questions().size() > 1) {
                GOOD.asked(question, back);
              }
            });
    assertThat(data(byUdp(serve(self), question("example.org", Type.A)))).hasSize(1);
  }

  @Test
  void deadServersFailInTime() throws IOException {
    FakeServer dead = server(DEAD);
    int port = serve(dead, server(DEAD));
    long start = System.nanoTime();
    assertThat(byUdp(port, question("example.org", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(dead.questions()).hasSize(2);
    assertThat(byTcp(port, question("example.org", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  /** The first server answers when the second has been asked, which stays silent. */
  @Test
  void aLateAnswerCounts() throws IOException {
    CountDownLatch nextAsked = new CountDownLatch(1);
    FakeServer next = server((question, back) -> nextAsked.countDown());
    FakeServer late =
        server(
            (question, back) -> {
              await(nextAsked);
              GOOD.asked(question, back);
            });
    assertThat(data(byUdp(serve(late, next), question("example.org", Type.A)))).hasSize(1);
    assertThat(next.questions()).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsNotTheAnswerIsPassedOver() throws IOException {
    Random random = new Random(7);
    FakeServer lying =
        server(
            (question, back) -> {
              byte[] good = answer(question, Rcode.NOERROR, "192.0.2.66").toWire();
              back.sendFromElsewhere(good);
              byte[] otherId = good.clone();
              otherId[0] ^= 1;
              back.send(otherId);
              byte[] otherName = good.clone();
              otherName[14] ^= 1;
              back.send(otherName);
              byte[] noAnswer = good.clone();
              noAnswer[2] &= 0x7f;
              back.send(noAnswer);
              for (int i = 0; i < 40; i++) {
                byte[] noise = new byte[random.nextInt(600)];
                random.nextBytes(noise);

                back.send(noise);
              }
              GOOD.asked(question, back);
            });
    assertThat(data(byUdp(serve(lying), question("example.org", Type.A))))
        .containsExactly("192.0.2.1");
  }

  @Test
  void garbageByTcpIsNoAnswerEither() throws IOException {
    FakeServer garbage = server((question, back) -> back.send(new byte[100]));
    int port = serve(garbage, server(GOOD));
    assertThat(data(byTcp(port, question("example.org", Type.A)))).hasSize(1);
    assertThat(byTcp(serve(garbage), question("example.org", Type.A)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void idsAndPortsCannotBeForeseen() throws IOException {
    FakeServer server = server(GOOD);
    int port = serve(server);
    for (int i = 0; i < 40; i++) {
      Message question = question("example.org", Type.A);
      question.getHeader().setID(1);
      assertThat(byUdp(port, question).getHeader().getID()).isEqualTo(1);
    }
    HashSet<Integer> ids = new HashSet<>();
    server.questions().forEach(question -> ids.add(question[0] * 256 + question[1]));
    assertThat(ids).hasSizeGreaterThan(30);
    assertThat(new HashSet<>(server.clients())).hasSizeGreaterThan(30);
  }

  /** A server that asks us what we ask it. */
  @Test
  void circlesEnd() throws IOException {
    int[] self = new int[1];
    FakeServer circle =
        server(
            (question, back) ->
                Thread.ofVirtual()
                    .start(
                        () -> {
                          try {
                            byte[] answer = byUdp(self[0], question);
                            back.send(answer);
                          } catch (IOException closed) {
                            // The test is over.
                          }
                        }));
    self[0] = serve(circle);
    assertThat(byUdp(self[0], question("example.org", Type.A)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
    assertThat(circle.questions()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void theSameQuestionIsAskedOnce() throws IOException {
    FakeServer dead = server(DEAD);
    int port = serve(dead);
    try (DatagramSocket client = new DatagramSocket()) {
      client.setSoTimeout(10_000);
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      for (int id = 1; id <= 3; id++) {
        Message question = question("example.org", Type.A);
        question.getHeader().setID(id);
        byte[] wire = question.toWire();
        client.send(new DatagramPacket(wire, wire.length));
      }
      List<Integer> answered = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        client.receive(packet);
        answered.add((int) packet.getData()[1]);
      }
      assertThat(answered).containsExactlyInAnyOrder(1, 2, 3);
    }
    assertThat(dead.questions()).hasSize(2);
  }

  @Test
  void whatIsUnderWayIsBoundedByContainerAndInAll() throws IOException {
    FakeServer dead = server(DEAD);
    int greedy = serve(dead);
    int modest = serve(dead);
    int third = serve(server(GOOD));
    try (DatagramSocket client = new DatagramSocket();
        DatagramSocket other = new DatagramSocket()) {
      long start = System.nanoTime();
      flood(client, greedy, 10);
      // Those over the limit are answered at once, long before the others.
      failures(client, 10 - LIMITS.perContainer());
      flood(other, modest, 3);
      failures(other, 1);
      assertThat(data(byUdp(greedy, question("web", Type.A)))).hasSize(1);
      assertThat(byUdp(third, question("example.org", Type.A)).getRcode())
          .isEqualTo(Rcode.SERVFAIL);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMITS.giveUp());
      failures(client, LIMITS.perContainer());
      failures(other, 2);
      assertThat(data(byUdp(third, question("example.org", Type.A)))).hasSize(1);
    }
  }

  @Test
  void thoseWhoWaitForOneAnswerAreCountedToo() throws IOException {
    FakeServer dead = server(DEAD);
    int port = serve(dead);
    try (DatagramSocket client = new DatagramSocket()) {
      byte[] wire = question("example.org", Type.A).toWire();
      long start = System.nanoTime();
      for (int i = 0; i < LIMITS.waiting() + 3; i++) {
        client.send(new DatagramPacket(wire, wire.length, InetAddress.getLoopbackAddress(), port));
      }
      failures(client, 3);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMITS.giveUp());
      failures(client, LIMITS.waiting());
    }
    assertThat(dead.questions()).hasSize(2);
  }

  private static void failures(DatagramSocket client, int count) throws IOException {
    client.setSoTimeout(10_000);
    for (int i = 0; i < count; i++) {
      DatagramPacket packet = new DatagramPacket(new byte[512], 512);
      client.receive(packet);
      assertThat(packet.getData()[3] & 0xf).isEqualTo(Rcode.SERVFAIL);
    }
  }

  private static void flood(DatagramSocket client, int port, int questions) throws IOException {
    for (int i = 0; i < questions; i++) {
      byte[] wire = question("name" + i + ".example.org", Type.A).toWire();
      client.send(new DatagramPacket(wire, wire.length, InetAddress.getLoopbackAddress(), port));
    }
  }

  @Test
  void aSlowServerHoldsUpNobodyElse() throws IOException {
    int slow = serve(server(DEAD));
    int port = serve(server(GOOD));
    try (Socket waiting = Asking.connect(slow)) {
      Asking.send(waiting, question("example.org", Type.A).toWire());
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThat(data(byUdp(port, question("example.org", Type.A)))).hasSize(1);
        assertThat(data(byUdp(slow, question("web", Type.A)))).hasSize(1);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMITS.giveUp());
    }
  }

  @Test
  void aServerWithoutEdnsIsHeard() throws IOException {
    FakeServer old =
        server(
            (question, back) -> {
              byte[] head = new byte[12];
              head[0] = question[0];
              head[1] = question[1];
              head[2] = (byte) 0x80;
              head[3] = Rcode.FORMERR;
              back.send(head);
            });
    Message answer = byUdp(serve(old), question("example.org", Type.A, new OPTRecord(1232, 0, 0)));
    assertThat(answer.getRcode()).isEqualTo(Rcode.FORMERR);
  }
}

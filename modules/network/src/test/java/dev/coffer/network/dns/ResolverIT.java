package dev.coffer.network.dns;

import static dev.coffer.network.dns.Asking.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.firewall.ResolverRedirect;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;

/** The C library and busybox as clients, in network namespaces of their own. */
@Timeout(120)
class ResolverIT {
  private static final int PORT = 53;
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_NEWADDR = 20;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int LOOPBACK = 1;
  private static final int IFF_UP = 1;

  @TempDir private Path directory;
  private final List<Fd> namespaces = new ArrayList<>();
  private NamespaceThread threads;
  private Resolver resolver;

  @BeforeEach
  void start() throws IOException {
    threads = NamespaceThread.start();
    resolver = new Resolver();
  }

  @AfterEach
  void closeAll() {
    resolver.close();
    namespaces.forEach(Fd::close);
    threads.close();
  }

  private Fd namespace() throws IOException {
    Fd namespace = threads.create();
    namespaces.add(namespace);
    return threads.in(
        namespace,
        () -> {
          try (NetlinkSocket netlink = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
            NetlinkMessage up =
                NetlinkMessage.of(RTM_NEWLINK, 0)
                    .fixedInt(0)
                    .fixedInt(LOOPBACK)
                    .fixedInt(IFF_UP)
                    .fixedInt(IFF_UP);
            netlink.request("bring up lo", up);
            // The C library does not ask for addresses of a kind of which there are none.
            addAddress(netlink, 2, "10.1.0.99");
            addAddress(netlink, 10, "fd00::99");
            return namespace;
          }
        });
  }

  private static void addAddress(NetlinkSocket netlink, int family, String text)
      throws IOException {
    byte[] address = Subnet.parseAddress(text).getAddress();
    NetlinkMessage add =
        NetlinkMessage.of(RTM_NEWADDR, NetlinkMessage.CREATE)
            .fixed((byte) family, (byte) (8 * address.length), (byte) 0, (byte) 0)
            .fixedInt(LOOPBACK)
            .put(IFA_LOCAL, address)
            .put(IFA_ADDRESS, address);
    netlink.request("add " + text, add);
  }

  /** What a command writes that runs in a namespace, with this in its resolv.conf. */
  private String in(Fd namespace, String settings, String... command) throws Exception {
    Path conf = Files.writeString(directory.resolve("conf"), settings);
    List<String> words = new ArrayList<>();
    String own = "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.number();
    words.addAll(List.of("nsenter", "--net=" + own, "unshare", "--mount", "sh", "-c"));
    words.add("mount --bind " + conf + " \"$(readlink -f /etc/resolv.conf)\" && exec \"$@\"");
    words.add("sh");
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  private static final String UDP = "nameserver 127.0.0.11\noptions timeout:5 attempts:1\n";
  private static final String TCP = UDP + "options use-vc\n";
  private static final String SEARCH = UDP + "search a.example b.example\n";

  @Test
  void theCLibraryFindsNamesAndAddresses() throws Exception {
    Fd namespace = namespace();
    Names names = KnownNames.nothing().with("web", "10.1.0.2", "10.2.0.2", "fd00::2");
    resolver.serve(threads, namespace, PORT, names);
    for (String settings : List.of(UDP, TCP, SEARCH)) {
      assertThat(in(namespace, settings, "getent", "ahostsv4", "web"))
          .contains("10.1.0.2")
          .contains("10.2.0.2")
          .doesNotContain("fd00");
      assertThat(in(namespace, settings, "getent", "ahostsv6", "web")).contains("fd00::2");
      assertThat(in(namespace, settings, "getent", "hosts", "10.2.0.2")).contains("web");
      assertThat(in(namespace, settings, "getent", "hosts", "fd00::2")).contains("web");
      assertThat(in(namespace, settings, "getent", "ahosts", "db")).isEmpty();
    }
    assertThat(in(namespace, UDP, "busybox", "nslookup", "web.", "127.0.0.11"))
        .contains("10.1.0.2")
        .contains("fd00::2");
  }

  /** As in containers: the resolver leaves the usual port to their own programs. */
  @Test
  void theUsualPortLeadsToIt() throws Exception {
    Fd namespace = namespace();
    Names names = KnownNames.nothing().with("web", "10.1.0.2");
    int port = resolver.serve(threads, namespace, 0, names).port();
    threads.in(
        namespace,
        () -> {
          try (NetlinkSocket netlink = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
            ResolverRedirect.install(netlink, "coffer", port);
            return port;
          }
        });
    try (DatagramChannel own =
        threads.in(
            namespace, () -> DatagramChannel.open().bind(new InetSocketAddress("0.0.0.0", PORT)))) {
      assertThat(own.isOpen()).isTrue();
      assertThat(in(namespace, UDP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
      assertThat(in(namespace, TCP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
    }
  }

  @Test
  void namespacesDoNotHearOfEachOther() throws Exception {
    Fd one = namespace();
    Fd other = namespace();
    resolver.serve(threads, one, PORT, KnownNames.nothing().with("web", "10.1.0.2"));
    resolver.serve(threads, other, PORT, KnownNames.nothing().with("db", "10.2.0.3"));
    assertThat(in(one, UDP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
    assertThat(in(one, UDP, "getent", "ahostsv4", "db")).isEmpty();
    assertThat(in(one, UDP, "getent", "hosts", "10.2.0.3")).isEmpty();
    assertThat(in(other, UDP, "getent", "ahostsv4", "db")).contains("10.2.0.3");
    assertThat(in(other, UDP, "getent", "ahostsv4", "web")).isEmpty();
  }

  /** The server is at a loopback address of the host, which the namespace does not reach. */
  @Test
  void otherNamesAreAskedForAtHome() throws Exception {
    Fd namespace = namespace();
    try (FakeServer server =
        new FakeServer(
            (question, back) -> back.send(answer(question, Rcode.NOERROR, "192.0.2.1").toWire()))) {
      resolver.serve(threads, namespace, PORT, KnownNames.nothing().asking(server.address()));
      assertThat(in(namespace, UDP, "getent", "ahostsv4", "example.org")).contains("192.0.2.1");
      assertThat(in(namespace, TCP, "getent", "ahostsv4", "example.org")).contains("192.0.2.1");
    }
    assertThat(in(namespace, UDP, "getent", "ahostsv4", "example.org")).isEmpty();
  }

  @Test
  void thePortIsFreeAgainForTheNextEngine() throws Exception {
    Fd namespace = namespace();
    Names names = KnownNames.nothing().with("web", "10.1.0.2");
    resolver.serve(threads, namespace, PORT, names);
    assertThat(in(namespace, TCP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
    try (Resolver next = new Resolver()) {
      assertThatThrownBy(() -> next.serve(threads, namespace, PORT, names))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot serve names at 127.0.0.11:53");
      resolver.close();
      Resolver.Service service = next.serve(threads, namespace, PORT, names);
      assertThat(in(namespace, TCP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
      service.close();
      next.serve(threads, namespace, PORT, names);
      assertThat(in(namespace, UDP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
    }
  }

  @Test
  void aNamespaceThatIsGoneDisturbsNobody() throws Exception {
    Fd gone = namespace();
    Fd namespace = namespace();
    Names names = KnownNames.nothing().with("web", "10.1.0.2");
    Resolver.Service service = resolver.serve(threads, gone, PORT, names);
    resolver.serve(threads, namespace, PORT, names);
    gone.close();
    assertThat(in(namespace, UDP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
    service.close();
    assertThat(in(namespace, UDP, "getent", "ahostsv4", "web")).contains("10.1.0.2");
  }
}

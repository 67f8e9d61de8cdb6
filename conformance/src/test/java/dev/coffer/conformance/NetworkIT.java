package dev.coffer.conformance;

import static dev.coffer.conformance.Coffer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Networks as containers and other hosts see them. The engine is in a network namespace that stands
 * for its host, so nothing of the real one is changed.
 */
class NetworkIT {

  private static final int CLIENTS = 8;
  private static final int ENGINE_KILLS = Integer.getInteger("network.kills", 4);

  /** Namespaces that an engine keeps ready for the next containers. */
  private static final int MOST_READY = 8;

  private static final long SEED = Long.getLong("network.seed", System.nanoTime());

  private static NetworkLab lab;
  private static Coffer coffer;
  private static Path directory;

  @BeforeAll
  static void open() throws Exception {
    directory = Files.createTempDirectory("coffer-networks");
    lab = new NetworkLab(directory);
    coffer = Coffer.open(lab.host());
  }

  /** Nothing of it is left on the host but the default bridge. */
  @AfterAll
  static void close() {
    coffer.close();
    eventually(() -> !lab.links().contains("cv-"));
    assertThat(lab.links()).matches("coffer-[0-9a-f]{8}");
    lab.close();
    Coffer.delete(directory);
  }

  /** Of each test nothing is left but the default bridge and what is kept ready in it. */
  @AfterEach
  void nothingIsLeft() {
    List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
    remove.addAll(coffer.run("ps", "-aq").ok().lines());
    if (remove.size() > 3) {
      coffer.run(remove.toArray(String[]::new)).ok();
    }
    coffer.run("network", "prune", "-f").ok();
    assertThat(coffer.run("network", "ls", "-q").ok().lines()).hasSize(3);
    assertThat(lab.links()).doesNotContain("cf-");
    assertThat(lab.onHost("ss -Hln -A inet")).as("ports that are held").isEmpty();
    assertThat(lab.onHost("nft list ruleset | grep -E '(tcp|udp) . [0-9]+ :'; true"))
        .as("ports that are published")
        .isEmpty();
    eventually(
        () -> lab.links().lines().filter(name -> name.startsWith("cv-")).count() <= MOST_READY);
  }

  /** A container that tells who asks it, once it does. */
  private static void serve(String name, String... options) {
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(lab.programMounts());
    command.addAll(List.of(options));
    command.addAll(List.of("busybox", "perl", "/peer.pl", "serve", "80"));
    coffer.run(command.toArray(String[]::new)).ok();
    eventually(() -> coffer.run("logs", name).ok().out().equals("ready\n"));
  }

  private static String ask(String from, String protocol, String name) {
    return coffer.run("exec", from, "perl", "/peer.pl", "ask", protocol, name, "80").ok().out();
  }

  private static String inspect(String name, String template) {
    return coffer.run("inspect", "-f", template, name).ok().line();
  }

  private static String address(String name, String network) {
    return inspect(name, "{{(index .NetworkSettings.Networks \"" + network + "\").IPAddress}}");
  }

  @Test
  void theDefaultBridgeReachesTheWorldAndIsNotReached() {
    serve("web");
    String address = address("web", "bridge");
    assertThat(address).startsWith("10.210.0.");
    String gateway = inspect("web", "{{.NetworkSettings.Gateway}}");
    assertThat(coffer.run("exec", "web", "ip", "route").ok().out())
        .contains("default via " + gateway);
    assertThat(coffer.run("exec", "web", "ping", "-c1", "-W2", "192.0.2.2").ok().exitCode())
        .isZero();
    assertThat(lab.askFromHost("tcp", address, 80)).isEqualTo(gateway);
    assertThat(lab.askFromOther("tcp", address, 80)).isEqualTo("SILENCE");
    assertThat(coffer.run("exec", "web", "cat", "/etc/hosts").ok().out())
        .endsWith(address + "\t" + inspect("web", "{{.Config.Hostname}}") + "\n");
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "--add-host",
                    "up:host-gateway",
                    "busybox",
                    "grep",
                    "up$",
                    "/etc/hosts")
                .ok()
                .line())
        .isEqualTo(gateway + "\tup");
  }

  @Test
  void publishedPortsAreReachedFromEverywhereAndKeepWhoComes() {
    serve(
        "web",
        "-p",
        "8080:80",
        "-p",
        "8080:80/udp",
        "-p",
        "127.0.0.1:8081:80",
        "-P",
        "--expose",
        "90");
    for (String protocol : List.of("tcp", "udp")) {
      assertThat(lab.askFromOther(protocol, "192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      assertThat(lab.askFromHost(protocol, "127.0.0.1", 8080)).startsWith("10.210.0.1");
    }
    assertThat(lab.askFromHost("tcp", "127.0.0.1", 8081)).startsWith("10.210.0.1");
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8081)).isEqualTo("REFUSED");
    serve("client");
    assertThat(
            coffer
                .run("exec", "client", "perl", "/peer.pl", "ask", "tcp", "192.0.2.1", "8080")
                .ok()
                .out())
        .isEqualTo("10.210.0.1");
    List<String> ports = coffer.run("port", "web").ok().lines();
    assertThat(ports)
        .contains("80/tcp -> 0.0.0.0:8080", "80/udp -> 0.0.0.0:8080", "80/tcp -> 127.0.0.1:8081")
        .anyMatch(line -> line.matches("90/tcp -> 0\\.0\\.0\\.0:[0-9]+"));
    assertThat(coffer.run("port", "web", "80/udp").ok().line()).isEqualTo("0.0.0.0:8080");
    coffer.run("port", "web", "99").fails(1, "port 99/tcp of container \"web\" is not published");
    assertThat(coffer.run("ps", "--format", "{{.Names}} {{.Ports}}").ok().out())
        .contains("web 0.0.0.0:8080->80/tcp, 127.0.0.1:8081->80/tcp, 0.0.0.0:8080->80/udp");

    coffer
        .run("run", "--rm", "-p", "8080:80", "busybox", "true")
        .fails(125, "port 8080/tcp is in use by container \"web\"");
    Process taken = hold(7070);
    coffer
        .run("run", "--rm", "-p", "7070:80", "busybox", "true")
        .fails(125, "port 7070/tcp is in use by \"perl\"");
    taken.destroy();
    coffer.run("stop", "-t", "0", "web").ok();
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8080)).isEqualTo("REFUSED");
    coffer.run("run", "--rm", "-p", "8080:80", "busybox", "true").ok();
    coffer.run("start", "web").ok();
    eventually(() -> lab.askFromOther("tcp", "192.0.2.1", 8080).equals("192.0.2.2"));
  }

  /** A program of the host that has a port. */
  private static Process hold(int port) {
    List<String> command = new ArrayList<>(lab.host());
    command.addAll(List.of("perl", directory.resolve("peer.pl").toString(), "serve", "" + port));
    try {
      Process process = new ProcessBuilder(command).start();
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void inANetworkOfOnesOwnContainersHaveNames() {
    coffer.run("network", "create", "front").ok();
    coffer.run("network", "create", "--internal", "back").ok();
    serve("web", "--network", "front", "--network-alias", "www");
    serve("data", "--network", "back");
    serve("both", "--network", "front", "--network", "name=back,alias=store");
    for (String protocol : List.of("tcp", "udp")) {
      for (String name :
          List.of("web", "www", "web.front", inspect("web", "{{.Config.Hostname}}"))) {
        assertThat(ask("both", protocol, name)).isEqualTo(address("both", "front"));
      }
    }
    assertThat(ask("both", "tcp", "data")).isEqualTo(address("both", "back"));
    assertThat(ask("data", "tcp", "store")).isEqualTo(address("data", "back"));
    assertThat(ask("web", "tcp", "data")).isEqualTo("UNKNOWN");
    assertThat(ask("data", "tcp", "www")).isEqualTo("UNKNOWN");
    assertThat(askAt("web", address("data", "back"))).isIn("SILENCE", "REFUSED");
    // What is internal cannot leave; who is in another network too has that one's way out.
    assertThat(coffer.run("exec", "data", "ping", "-c1", "-W1", "192.0.2.2").exitCode())
        .isEqualTo(1);
    coffer.run("exec", "both", "ping", "-c1", "-W2", "192.0.2.2").ok();
    assertThat(coffer.run("exec", "web", "nslookup", address("both", "front")).ok().out())
        .contains("both.front");
    coffer.run("rename", "web", "site").ok();
    assertThat(ask("both", "tcp", "site")).isEqualTo(address("both", "front"));
    assertThat(ask("both", "tcp", "web")).isEqualTo("UNKNOWN");
    coffer.run("network", "rm", "front").fails(1, "container", "runs in it");
  }

  private static String askAt(String from, String address) {
    return coffer.run("exec", from, "perl", "/peer.pl", "ask", "tcp", address, "80").ok().out();
  }

  @Test
  void ipv6IsThereBesideIpv4() {
    coffer.run("network", "create", "--ipv6", "--subnet", "fd00:5::/64", "six").ok();
    serve("web", "--network", "six", "--ip6", "fd00:5::77", "-p", "8066:80");
    serve("client", "--network", "six");
    String own = inspect("client", "{{.NetworkSettings.Networks.six.GlobalIPv6Address}}");
    assertThat(askAt("client", "fd00:5::77")).isEqualTo(own);
    assertThat(lab.askFromOther("tcp", "2001:db8::1", 8066)).isEqualTo("2001:db8::2");
    assertThat(lab.askFromOther("udp", "192.0.2.1", 8066)).isEqualTo("REFUSED");
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8066)).isEqualTo("192.0.2.2");
    coffer.run("exec", "client", "ping6", "-c1", "-W2", "2001:db8::2").ok();
    coffer
        .run("run", "--rm", "--network", "six", "--ip6", "fd00:5::77", "busybox", "true")
        .fails(125, "address fd00:5::77 of network \"six\" is in use by container \"web\"");
  }

  @Test
  void containersAreConnectedAndDisconnectedWhileTheyRun() {
    coffer.run("network", "create", "alpha").ok();
    coffer.run("network", "create", "--subnet", "10.200.7.0/24", "beta").ok();
    serve("web", "--network", "beta");
    serve("client", "--network", "alpha");
    assertThat(ask("client", "tcp", "web")).isEqualTo("UNKNOWN");
    coffer.run("network", "connect", "--ip", "10.200.7.99", "--alias", "me", "beta", "client").ok();
    assertThat(ask("client", "tcp", "web")).isEqualTo("10.200.7.99");
    assertThat(ask("web", "tcp", "me")).isEqualTo(address("web", "beta"));
    coffer
        .run("network", "connect", "beta", "client")
        .fails(1, "it is in network \"beta\" already");
    String viaAlpha =
        "default via " + inspect("client", "{{.NetworkSettings.Networks.alpha.Gateway}}");
    assertThat(coffer.run("exec", "client", "ip", "route").ok().out()).contains(viaAlpha);
    coffer.run("network", "disconnect", "alpha", "client").ok();
    assertThat(coffer.run("exec", "client", "ip", "route").ok().out())
        .contains("default via 10.200.7.1");
    coffer.run("exec", "client", "ping", "-c1", "-W2", "192.0.2.2").ok();
    assertThat(ask("client", "tcp", "web")).isEqualTo("10.200.7.99");
    coffer.run("network", "connect", "--gw-priority", "5", "alpha", "client").ok();
    assertThat(coffer.run("exec", "client", "ip", "route").ok().out())
        .contains(
            "default via " + inspect("client", "{{.NetworkSettings.Networks.alpha.Gateway}}"));
    coffer.run("network", "disconnect", "beta", "client").ok();
    coffer.run("network", "disconnect", "beta", "client").fails(1, "it is not in network \"beta\"");
    // What was connected stays connected over a restart.
    coffer.run("restart", "-t", "0", "client").ok();
    assertThat(inspect("client", "{{range $n, $e := .NetworkSettings.Networks}}{{$n}} {{end}}"))
        .isEqualTo("alpha");
  }

  @Test
  void portsFollowTheDefaultRoute() {
    coffer.run("network", "create", "alpha").ok();
    coffer.run("network", "create", "beta").ok();
    serve("web", "--network", "beta", "-p", "8090:80");
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8090)).isEqualTo("192.0.2.2");
    coffer.run("network", "connect", "alpha", "web").ok();
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8090)).isEqualTo("192.0.2.2");
    coffer.run("network", "disconnect", "alpha", "web").ok();
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8090)).isEqualTo("192.0.2.2");
    coffer.run("network", "disconnect", "beta", "web").ok();
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8090)).isEqualTo("REFUSED");
  }

  @Test
  void theNextEngineServesWhatRuns() {
    coffer.run("network", "create", "net").ok();
    serve("web", "--network", "net", "-p", "8095:80");
    serve("client", "--network", "net");
    String address = address("client", "net");
    ProcessHandle.of(coffer.enginePid()).ifPresent(ProcessHandle::destroyForcibly);
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8095)).isEqualTo("192.0.2.2");
    coffer.run("ps").ok();
    eventually(
        () ->
            coffer
                .run("exec", "client", "perl", "/peer.pl", "ask", "tcp", "web", "80")
                .out()
                .equals(address));
    coffer
        .run("run", "--rm", "-p", "8095:80", "busybox", "true")
        .fails(125, "port 8095/tcp is in use by container \"web\"");
    serve("third", "--network", "net");
    assertThat(ask("third", "tcp", "client")).isEqualTo(address("third", "net"));
    assertThat(address("third", "net")).isNotIn(address, address("web", "net"));
    coffer.run("network", "disconnect", "net", "client").ok();
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8095)).isEqualTo("192.0.2.2");
  }

  @Test
  void theHostSaysWhoReachesWhatIsPublished() {
    coffer.run("network", "create", "-o", "coffer.input-policy=ignore", "open").ok();
    serve("web", "-p", "8071:80");
    serve("all", "--network", "open", "-p", "8072:80");
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8071)).isEqualTo("192.0.2.2");
    lab.onHost(
        "nft 'add table inet site;"
            + " add chain inet site i { type filter hook input priority 0; policy drop; };"
            + " add rule inet site i iif lo accept'");
    try {
      eventually(() -> lab.askFromOther("tcp", "192.0.2.1", 8071).equals("SILENCE"));
      assertThat(lab.askFromOther("tcp", "192.0.2.1", 8072)).isEqualTo("192.0.2.2");
      assertThat(coffer.run("run", "--rm", "-p", "8073:80", "busybox", "true").ok().err())
          .isEmpty();
      lab.onHost("nft add rule inet site i tcp dport 8071 accept");
      eventually(() -> lab.askFromOther("tcp", "192.0.2.1", 8071).equals("192.0.2.2"));
      // The next engine finds what this one has left, and follows from there.
      ProcessHandle.of(coffer.enginePid()).ifPresent(ProcessHandle::destroyForcibly);
      assertThat(lab.askFromOther("tcp", "192.0.2.1", 8071)).isEqualTo("192.0.2.2");
      lab.onHost("nft 'flush chain inet site i'");
      coffer.run("ps").ok();
      eventually(() -> lab.askFromOther("tcp", "192.0.2.1", 8071).equals("SILENCE"));
      lab.onHost("nft add rule inet site i meta sdif 0 drop");
      eventually(
          () ->
              coffer
                  .run("run", "--rm", "-p", "8073:80", "busybox", "true")
                  .ok()
                  .err()
                  .contains("in table \"inet site\" cannot be asked about published ports"));
    } finally {
      lab.onHost("nft delete table inet site");
    }
    eventually(() -> lab.askFromOther("tcp", "192.0.2.1", 8071).equals("192.0.2.2"));
    assertThat(lab.onHost("nft list tables")).doesNotContain("-input-");
  }

  /** The chains that dockerd makes by iptables. */
  @Test
  void dockersPolicyDoesNotConcernOurNetworks() {
    lab.onHost(
        "nft 'add table ip filter; add chain ip filter DOCKER-USER;"
            + " add rule ip filter DOCKER-USER counter return;"
            + " add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; };"
            + " add rule ip filter FORWARD jump DOCKER-USER'");
    try {
      serve("web", "-p", "8072:80");
      assertThat(lab.askFromOther("tcp", "192.0.2.1", 8072)).isEqualTo("192.0.2.2");
      coffer.run("exec", "web", "ping", "-c1", "-W2", "192.0.2.2").ok();
    } finally {
      lab.onHost("nft delete table ip filter");
    }
  }

  @Test
  void theHostsNetworkAndAnotherContainersAreShared() {
    serve("web");
    String own = "ip -o -4 addr show dev eth0";
    assertThat(
            coffer.run("run", "--rm", "--network", "host", "busybox", "sh", "-c", own).ok().out())
        .contains(" 192.0.2.1/24 ");
    assertThat(
            coffer
                .run("run", "--rm", "--network", "container:web", "busybox", "sh", "-c", own)
                .ok()
                .out())
        .contains(" " + address("web", "bridge") + "/16 ");
    assertThat(
            coffer.run("run", "--rm", "--network", "none", "busybox", "ls", "/sys/class/net").ok())
        .extracting(Coffer.Result::line)
        .isEqualTo("lo");
  }

  @Test
  void linksAreNamesThatOneContainerHasForOthers() {
    serve("web");
    String hosts =
        coffer.run("run", "--rm", "--link", "web:db", "busybox", "cat", "/etc/hosts").ok().out();
    assertThat(hosts).contains(address("web", "bridge") + "\tdb ");

    coffer.run("network", "create", "net").ok();
    serve("server", "--network", "net");
    serve("client", "--network", "net", "--link", "server:db");
    serve("other", "--network", "net");
    assertThat(ask("client", "tcp", "db")).isEqualTo(address("client", "net"));
    assertThat(coffer.run("exec", "other", "perl", "/peer.pl", "ask", "tcp", "db", "80").ok().out())
        .isEqualTo("UNKNOWN");
  }

  @Test
  void whatIsAskedForWronglyIsToldInOneLine() {
    coffer
        .run("run", "--rm", "--network", "nowhere", "busybox")
        .fails(125, "no such network: nowhere");
    coffer
        .run("run", "--rm", "--network", "none", "-p", "80", "busybox")
        .fails(125, "--network none");
    coffer.run("run", "--rm", "--network-alias", "x", "busybox").fails(125, "default bridge");
    coffer.run("network", "rm", "bridge").fails(1, "every engine has it");
    coffer
        .run("network", "create", "-d", "overlay", "x")
        .fails(1, "not supported: driver \"overlay\"");
    coffer
        .run("network", "create", "--subnet", "192.0.2.0/24", "x")
        .fails(1, "192.0.2.0/24, which is in use");
    coffer
        .run(
            "network",
            "create",
            "-d",
            "macvlan",
            "-o",
            "parent=eth7",
            "--subnet",
            "10.9.9.0/24",
            "x")
        .fails(1, "coffer: cannot create network \"x\": the host has no device \"eth7\"");
    coffer.run("run", "-d", "--name", "alone", "--network", "none", "busybox", "sleep", "100").ok();
    coffer.run("network", "connect", "bridge", "alone").fails(1, "--network none");
    assertThat(
            coffer
                .run("network", "ls", "--format", "{{.Name}}/{{.Driver}}/{{.Scope}}")
                .ok()
                .lines())
        .containsExactly("bridge/bridge/local", "host/host/local", "none/null/local");
  }

  /**
   * Eight clients create, connect, publish and remove while the engine is killed; afterwards the
   * next engine agrees with what is there.
   */
  @Test
  void theEngineMayDieAtAnyMoment() throws Exception {
    System.out.println("network.seed=" + SEED);
    Random random = new Random(SEED);
    coffer.run("network", "create", "steady").ok();
    serve("server", "--network", "steady", "-p", "8099:80");
    serve("client", "--network", "steady");
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        running.add(clients.submit(() -> work(number, stop)));
      }
      for (int i = 0; i < ENGINE_KILLS; i++) {
        LockSupport.parkNanos(random.nextLong(200_000_000L, 600_000_000L));
        long engine = coffer.enginePid();
        ProcessHandle.of(engine).filter(_ -> engine > 1).ifPresent(ProcessHandle::destroyForcibly);
        assertThat(lab.askFromOther("tcp", "192.0.2.1", 8099)).isEqualTo("192.0.2.2");
      }
      stop.set(true);
      for (Future<?> each : running) {
        each.get();
      }
    }
    eventually(
        () ->
            coffer
                .run("exec", "client", "perl", "/peer.pl", "ask", "tcp", "server", "80")
                .out()
                .equals(address("client", "steady")));
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8099)).isEqualTo("192.0.2.2");
  }

  private static void work(int client, AtomicBoolean stop) {
    for (int round = 0; !stop.get(); round++) {
      String name = "c" + client + "-" + round;
      String port = (9000 + client) + ":80";
      coffer.run("network", "create", name).isExpectable();
      coffer
          .run(
              "run",
              "-d",
              "--name",
              name,
              "--network",
              name,
              "-p",
              port,
              "busybox",
              "sleep",
              "1000")
          .isExpectable();
      coffer.run("network", "connect", "steady", name).isExpectable();
      coffer.run("run", "--rm", "busybox", "true").isExpectable();
      coffer.run("network", "disconnect", name, name).isExpectable();
      coffer.run("rm", "-f", name).isExpectable();
      coffer.run("network", "rm", name).isExpectable();
    }
  }
}

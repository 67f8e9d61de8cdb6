package dev.coffer.conformance;

import static dev.coffer.conformance.Coffer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers in a network that Debian's plugins make (containernetworking-plugins), on a namespace
 * that stands for the host.
 */
class CniIT {

  private static NetworkLab lab;
  private static Coffer coffer;
  private static Path directory;

  @BeforeAll
  static void open() throws Exception {
    directory = Files.createTempDirectory("coffer-cni");
    lab = new NetworkLab(directory);
    coffer = Coffer.open(lab.host());
    write("plugins/slow", slowPlugin());
    write("plugins/slow-bridge", slowBridge());
    write(
        "net.d/10-pods.conflist",
        """
        {"cniVersion":"1.0.0","name":"pods","plugins":[
          {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true,"hairpinMode":true,
           "capabilities":{"ips":true,"mac":true},"dns":{"search":["pods.test"]},
           "ipam":{"type":"host-local","dataDir":"%s/leases",
             "ranges":[[{"subnet":"10.199.0.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
          {"type":"portmap","capabilities":{"portMappings":true}},
          {"type":"slow"}]}
        """
            .formatted(directory));
    write(
        "net.d/15-early.conflist",
        """
        {"cniVersion":"1.0.0","name":"early","plugins":[
          {"type":"slow-bridge","bridge":"cni1","isGateway":true,"ipMasq":true,
           "ipam":{"type":"host-local","dataDir":"%s/leases",
             "ranges":[[{"subnet":"10.199.1.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}}]}
        """
            .formatted(directory));
    write(
        "net.d/20-broken.conflist",
        """
        {"cniVersion":"1.0.0","name":"broken","plugins":[{"type":"bridge","bridge":"lo"}]}
        """);
  }

  /** Does nothing, but stays in ADD as long as there is a file {@code hold}. */
  private static String slowPlugin() {
    return """
    #!/bin/sh
    config=$(cat)
    [ "$CNI_COMMAND" = ADD ] || exit 0
    if [ -e %1$s/hold ]; then
      touch %1$s/held
      while [ -e %1$s/hold ]; do sleep 0.05; done
    fi
    echo "$config" | perl -MJSON::PP -e \
      'print encode_json(decode_json(join "", <STDIN>)->{prevResult})'
    """
        .formatted(directory);
  }

  /** Debian's bridge, which has done all of ADD and not said so while there is {@code hold}. */
  private static String slowBridge() {
    return """
    #!/bin/sh
    answer=$(/usr/lib/cni/bridge) || { echo "$answer"; exit 1; }
    if [ "$CNI_COMMAND" = ADD ] && [ -e %1$s/hold ]; then
      touch %1$s/held
      while [ -e %1$s/hold ]; do sleep 0.05; done
    fi
    echo "$answer"
    """
        .formatted(directory);
  }

  private static void write(String name, String text) throws IOException {
    Path file = coffer.directory().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterAll
  static void close() {
    coffer.close();
    lab.close();
    Coffer.delete(directory);
  }

  @AfterEach
  void nothingIsLeft() {
    for (String id : coffer.run("ps", "-aq").ok().lines()) {
      coffer.run("rm", "-f", id).ok();
    }
    assertThat(lab.links()).doesNotContain("veth");
    assertThat(rules()).isEmpty();
    assertThat(leases()).isEmpty();
    assertThat(remembered()).isEmpty();
  }

  private static List<String> rules() {
    return lab.onHost("iptables-save | grep 10.199; true").lines().toList();
  }

  private static List<String> leases() {
    List<String> all = new ArrayList<>(files(directory.resolve("leases/pods"), "10.199."));
    all.addAll(files(directory.resolve("leases/early"), "10.199."));
    return all;
  }

  private static List<String> remembered() {
    return files(coffer.root().resolve("networks/cni"), "");
  }

  private static List<String> files(Path where, String prefix) {
    if (Files.notExists(where)) {
      return List.of();
    }
    try (var files = Files.list(where)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(String name, String... options) {
    var command = new ArrayList<>(List.of("run", "-d", "--name", name));
    command.addAll(lab.programMounts());
    command.addAll(List.of("--network", "pods"));
    command.addAll(List.of(options));
    command.addAll(List.of("busybox", "perl", "/peer.pl", "serve", "80"));
    coffer.run(command.toArray(String[]::new)).ok();
    eventually(() -> coffer.run("logs", name).ok().out().equals("ready\n"));
  }

  private static String address(String name) {
    return coffer
        .run("inspect", "-f", "{{(index .NetworkSettings.Networks \"pods\").IPAddress}}", name)
        .ok()
        .line();
  }

  @Test
  void containersHaveAddressesNamesAndPorts() {
    serve("web", "-p", "8080:80");
    serve("app");

    assertThat(address("web")).startsWith("10.199.0.");
    assertThat(
            coffer
                .run("exec", "app", "perl", "/peer.pl", "ask", "tcp", address("web"), "80")
                .ok()
                .out())
        .isEqualTo(address("app"));
    assertThat(coffer.run("exec", "app", "perl", "/peer.pl", "ask", "tcp", "web", "80").ok().out())
        .isEqualTo(address("app"));
    assertThat(coffer.run("exec", "app", "cat", "/etc/resolv.conf").ok().out())
        .startsWith("nameserver 127.0.0.11\nsearch pods.test\n");
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8080)).isEqualTo("192.0.2.2");
    assertThat(coffer.run("port", "web").ok().line()).isEqualTo("80/tcp -> 0.0.0.0:8080");
    assertThat(coffer.run("exec", "app", "ping", "-c1", "-W2", "192.0.2.2").exitCode()).isZero();
    coffer
        .run("run", "-d", "--name", "late", "--network", "pods", "-p", "8080:80", "busybox", "true")
        .fails(125, "port 8080/tcp is in use by container \"web\"");
    assertThat(coffer.run("network", "inspect", "pods").ok().out())
        .contains("\"Driver\": \"cni\"")
        .contains("\"IPv4Address\": \"" + address("web") + "/24\"");
    coffer.run("restart", "-t", "0", "web").ok();
    // The program listens some time after it was started.
    eventually(() -> lab.askFromOther("tcp", "192.0.2.1", 8080).equals("192.0.2.2"));
  }

  @Test
  void addressesThatAreAskedForAreGiven() {
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "--network",
                    "pods",
                    "--ip",
                    "10.199.0.77",
                    "--mac-address",
                    "02:00:00:00:00:77",
                    "busybox",
                    "ip",
                    "addr",
                    "show",
                    "eth0")
                .ok()
                .out())
        .contains("10.199.0.77/24")
        .contains("02:00:00:00:00:77");
  }

  @Test
  void aRunningContainerComesAndGoes() {
    coffer.run("run", "-d", "--name", "mix", "busybox", "sleep", "1000").ok();
    coffer.run("network", "connect", "pods", "mix").ok();
    assertThat(coffer.run("exec", "mix", "ip", "route").ok().out())
        .contains("default via 10.210.0.1 dev eth0")
        .doesNotContain("default via 10.199.0.1");

    coffer.run("network", "disconnect", "bridge", "mix").ok();
    assertThat(coffer.run("exec", "mix", "ip", "route").ok().out())
        .contains("default via 10.199.0.1 dev eth1");

    coffer.run("network", "disconnect", "pods", "mix").ok();
    assertThat(coffer.run("exec", "mix", "ip", "link").ok().out()).doesNotContain("eth");
  }

  @Test
  void whatPluginsSayIsTheError() {
    coffer
        .run("run", "--name", "xx", "--network", "broken", "busybox", "true")
        .fails(
            125,
            "cannot start container \"xx\": cannot connect to network \"broken\": plugin \"bridge\": ",
            "(code ");
    coffer
        .run("network", "rm", "pods")
        .fails(1, "cannot remove network \"pods\": the host has a file for its plugins");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pods", "early"})
  void nothingIsLeftOfAnEngineThatIsKilledWhilePluginsWork(String network) throws Exception {
    Path hold = directory.resolve("hold");
    Files.createFile(hold);
    Process run =
        coffer.start("run", "--rm", "--name", "lost", "--network", network, "busybox", "true");
    try {
      eventually(() -> Files.exists(directory.resolve("held")));
      assertThat(leases()).hasSize(1);
      assertThat(rules()).isNotEmpty();
      ProcessHandle.of(coffer.enginePid()).orElseThrow().destroyForcibly();
      assertThat(run.waitFor()).isNotZero();
      coffer.run("ps").ok();
    } finally {
      Files.delete(hold);
      Files.delete(directory.resolve("held"));
    }

    eventually(() -> rules().isEmpty());
    eventually(() -> remembered().isEmpty());
    assertThat(leases()).isEmpty();
  }

  @Test
  void containersLiveOnWithoutAnEngineAndEndWithoutATrace() throws Exception {
    serve("web", "-p", "8080:80");
    serve("other");
    String pid = coffer.run("inspect", "-f", "{{.State.Pid}}", "web").ok().line();
    ProcessHandle engine = ProcessHandle.of(coffer.enginePid()).orElseThrow();
    engine.destroyForcibly();
    engine.onExit().join();
    assertThat(lab.askFromOther("tcp", "192.0.2.1", 8080)).isEqualTo("192.0.2.2");
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

    eventually(
        () -> coffer.run("inspect", "-f", "{{.State.Running}}", "web").ok().line().equals("false"));

    eventually(() -> remembered().size() == 1);
    assertThat(rules()).noneMatch(line -> line.contains("8080"));
    assertThat(leases()).hasSize(1);
    assertThat(coffer.run("exec", "other", "ping", "-c1", "-W2", "192.0.2.2").exitCode()).isZero();
    coffer.run("rm", "-f", "other").ok();
    assertThat(rules()).isEmpty();
  }
}

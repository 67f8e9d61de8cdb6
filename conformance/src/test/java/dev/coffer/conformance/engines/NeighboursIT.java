package dev.coffer.conformance.engines;

import static dev.coffer.conformance.Coffer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Networks of Coffer on a host that Debian's dockerd, ufw or firewalld have a hold on, with another
 * host beside it.
 *
 * <pre>
 *   other 192.0.2.2 ── 192.0.2.1 host
 * </pre>
 */
class NeighboursIT {

  private EngineHost host;
  private Process other;
  private Path root;

  @BeforeEach
  void open() throws IOException {
    host = EngineHost.open();
    root = host.directory().resolve("networks");
    other = host.start(List.of("unshare", "--net", "sh", "-c", "echo here; exec sleep 1000"));
    assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("here");
    shell(
        "ip link add eth0 type veth peer name eth0 netns %d; ip addr add 192.0.2.1/24 dev eth0;"
                .formatted(other.pid())
            + " ip link set eth0 up");
    onOther("ip link set lo up; ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up");
  }

  @AfterEach
  void close() {
    Path run = Path.of(coffer("engine", "status", "--format", "{{.RunDirectory}}").line());
    coffer("rm", "-f", "web", "late").exitCode();
    coffer("engine", "stop").ok();
    Coffer.delete(run);
    other.destroyForcibly().onExit().join();
    host.close();
  }

  private Result coffer(String... arguments) {
    Path binary =
        Path.of(System.getProperty("coffer.dist"))
            .toAbsolutePath()
            .normalize()
            .resolve("bin/coffer");
    List<String> command =
        new ArrayList<>(List.of("env", "COFFER_ROOT=" + root, binary.toString()));
    command.addAll(List.of(arguments));
    return host.run(command);
  }

  private String shell(String script) {
    return host.run(List.of("sh", "-ec", script)).ok().out();
  }

  private String onOther(String script) {
    return shell("nsenter --net=/proc/%d/ns/net sh -c '%s'".formatted(other.pid(), script));
  }

  private void serve(String name, int port) {
    coffer("run", "-d", "--name", name, "-p", port + ":80", "busybox", "httpd", "-f", "-h", "/etc")
        .ok();
  }

  /** Whether the other host is answered at a port. */
  private boolean answers(int port) {
    return onOther("wget -T 2 -t 1 -qO- http://192.0.2.1:%d/hostname || true".formatted(port))
            .length()
        > 1;
  }

  private boolean goesOut() {
    return coffer("exec", "web", "ping", "-c1", "-W2", "192.0.2.2").exitCode() == 0;
  }

  @Test
  void dockerdAndCofferPublishBesideEachOther() {
    serve("web", 8081);
    assertThat(answers(8081)).isTrue();
    // Ended with the host.
    Docker docker = Docker.withNetworks(host);
    String image = BusyboxImage.NAME;
    docker
        .run("run", "-d", "--name", "theirs", "-p", "8082:80", image, "httpd", "-f", "-h", "/etc")
        .ok();
    eventually(() -> answers(8082) && answers(8081) && goesOut());
    coffer("run", "--name", "late", "-p", "8082:80", "busybox", "true")
        .fails(125, "port 8082/tcp is in use by \"docker-proxy\"");
    docker.run("network", "prune", "-f").ok();
    assertThat(answers(8081)).isTrue();

    // The other way round: dockerd is there first.
    coffer("rm", "-f", "late", "web").ok();
    coffer("engine", "stop").ok();
    serve("web", 8081);
    eventually(() -> answers(8081) && answers(8082) && goesOut());
    docker.run("rm", "-f", "theirs").ok();
    assertThat(answers(8081)).isTrue();
  }

  @Test
  void ufwSaysWhatComesInAndNotWhatGoesOut() {
    serve("web", 8081);
    String address = coffer("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web").ok().line();
    shell(
        """
        mkdir ufw; cp -a /etc/ufw ufw/etc; cp -a /lib/ufw ufw/lib; cp /etc/default/ufw ufw/default
        sed -i "s/^IPT_SYSCTL.*/IPT_SYSCTL=/; s/^IPT_MODULES.*/IPT_MODULES=/" ufw/default
        mount --bind ufw/etc /etc/ufw; mount --bind ufw/lib /lib/ufw
        mount --bind ufw/default /etc/default/ufw
        ufw --force enable
        """);
    try {
      eventually(() -> goesOut() && !answers(8081));
      shell("ufw allow 8081/tcp");
      eventually(() -> answers(8081));
      shell("ufw reload");
      eventually(() -> answers(8081) && goesOut());
      shell("ufw delete allow 8081/tcp; ufw allow proto tcp from 192.0.2.9 to any port 8081");
      eventually(() -> !answers(8081));
      shell("ufw allow proto tcp from 192.0.2.2 to any port 8081");
      eventually(() -> answers(8081));
      shell("ufw route deny proto tcp from any to " + address + " port 80");
      eventually(() -> !answers(8081));
      shell("ufw --force disable");
      eventually(() -> answers(8081) && goesOut());
    } finally {
      shell("umount /etc/ufw /lib/ufw /etc/default/ufw");
    }
  }

  /** A bus that starts nothing, so that nothing is left but what the host ends itself. */
  private static final String BUS =
      """
      <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
       "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
      <busconfig>
        <type>system</type>
        <listen>unix:path=/run/dbus/system_bus_socket</listen>
        <auth>EXTERNAL</auth>
        <policy context="default">
          <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
        </policy>
      </busconfig>
      """;

  @Test
  void firewalldSaysWhatComesIn() throws IOException {
    serve("web", 8081);
    assertThat(answers(8081)).isTrue();
    Files.writeString(host.directory().resolve("bus.conf"), BUS);
    shell(
        "cp -a /etc/firewalld firewalld; mount --bind firewalld /etc/firewalld;"
            + " mkdir -p /run/dbus /run/firewalld");
    try {
      host.daemon(
          "bus",
          List.of("dbus-daemon", "--config-file=bus.conf", "--nofork", "--nopidfile"),
          List.of("test", "-S", "/run/dbus/system_bus_socket"));
      host.daemon(
          "firewalld",
          List.of("firewalld", "--nofork", "--nopid"),
          List.of("firewall-cmd", "--state"));
      eventually(() -> !answers(8081));
      assertThat(shell("wget -T 2 -qO- http://192.0.2.1:8081/hostname")).isNotEmpty();
      shell("firewall-cmd --add-port=8081/tcp");
      eventually(() -> answers(8081));
      shell("firewall-cmd --reload");
      eventually(() -> !answers(8081));
      shell(
          "firewall-cmd --add-rich-rule='rule family=ipv4 source address=192.0.2.0/24"
              + " port port=8081 protocol=tcp accept'");
      eventually(() -> answers(8081));
      assertThat(coffer("run", "--rm", "-p", "8082:80", "busybox", "true").ok().err()).isEmpty();
    } finally {
      shell("umount /etc/firewalld");
    }
  }
}

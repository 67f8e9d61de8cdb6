package dev.coffer.conformance.engines;

import dev.coffer.conformance.Coffer.Result;
import dev.coffer.conformance.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Docker daemon of its own that knows the runtime under test as {@code coffer}: no bridge, no
 * firewall rules and no forwarding but where they are wanted, and limits that an ordinary root may
 * set.
 */
final class Docker implements AutoCloseable {

  static final String RUNTIME = "coffer";

  /** Debian's client, even where another comes first in PATH. */
  private static final Path CLIENT = Path.of("/usr/bin/docker");

  private final EngineHost host;
  private final List<String> client;

  private Docker(EngineHost host, List<String> networks) {
    this.host = host;
    String socket = "unix://" + host.directory().resolve("docker.sock");
    this.client = List.of(Files.exists(CLIENT) ? CLIENT.toString() : "docker", "-H", socket);
    List<String> daemon =
        new ArrayList<>(
            List.of(
                "dockerd",
                "--host=" + socket,
                "--data-root=" + host.directory().resolve("docker/data"),
                "--exec-root=" + host.directory().resolve("docker/exec"),
                "--pidfile=" + host.directory().resolve("docker.pid"),
                "--default-ulimit=nofile=1024:1024",
                "--cgroup-parent=/" + host.cgroupParent(),
                "--add-runtime=" + RUNTIME + "=" + host.runtime()));
    daemon.addAll(networks);
    host.daemon("dockerd", daemon, command("version"));
    run("load", "-i", host.image().toString()).ok();
  }

  static Docker open() {
    return on(EngineHost.open());
  }

  /** On a host with others, which its owner closes. */
  static Docker on(EngineHost host) {
    return new Docker(
        host,
        List.of(
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--ip-forward=false",
            "--ip-masq=false"));
  }

  /** On a host with others, which its owner closes, with the networks that dockerd usually has. */
  static Docker withNetworks(EngineHost host) {
    return new Docker(host, List.of());
  }

  Path directory() {
    return host.directory();
  }

  Result run(String... arguments) {
    return host.run(command(arguments));
  }

  Result runWithInput(String input, String... arguments) {
    return host.run(command(arguments), input);
  }

  /** {@code docker run} under the runtime under test, without a network. */
  Result runContainer(String... arguments) {
    return host.run(container(arguments));
  }

  Process startContainer(String... arguments) {
    return host.start(container(arguments));
  }

  private List<String> container(String... arguments) {
    List<String> command = command("run", "--runtime", RUNTIME, "--network", "none");
    command.addAll(List.of(arguments));
    return command;
  }

  /** The pid of a container's first process. */
  long pid(String container) {
    return Long.parseLong(inspect(container, "{{.State.Pid}}"));
  }

  String inspect(String container, String format) {
    return run("inspect", "-f", format, container).ok().line();
  }

  /** A terminal whose shell has {@code docker} as a command. */
  Terminal terminal() {
    String command = String.join(" ", host.inside(client));
    return new Terminal(directory(), "docker() { " + command + " \"$@\"; }");
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(client);
    command.addAll(List.of(arguments));
    return command;
  }

  /** What the daemon has written so far. */
  String log() throws IOException {
    return Files.readString(directory().resolve("dockerd.log"));
  }

  @Override
  public void close() {
    List<String> ids = run("ps", "-aq").lines();
    if (!ids.isEmpty()) {
      List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
      remove.addAll(ids);
      run(remove.toArray(String[]::new)).ok();
    }
    host.close();
  }
}

package dev.coffer.conformance.engines;

import dev.coffer.conformance.Coffer.Result;
import dev.coffer.conformance.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Podman with storage and configuration of its own and the runtime under test. */
final class Podman implements AutoCloseable {

  private final EngineHost host;

  private Podman(EngineHost host) throws IOException {
    this.host = host;
    Path config = Files.createDirectory(host.directory().resolve("podman"));
    Files.writeString(config.resolve("containers.conf"), configuration(host));
    Path policy = Files.createDirectories(host.directory().resolve("home/.config/containers"));
    Files.writeString(
        policy.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}\n");
    run("load", "-i", host.image().toString()).ok();
  }

  /** Its own defaults raise limits, which takes a capability that not every root has. */
  private static String configuration(EngineHost host) {
    return """
      [containers]
      default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
      netns = "none"
      log_driver = "k8s-file"
      [engine]
      cgroup_manager = "cgroupfs"
      events_logger = "file"
      runtime_supports_json = ["%s"]
      """
        .formatted(host.runtime().getFileName());
  }

  /** On a host with others, which its owner closes. */
  static Podman on(EngineHost host) throws IOException {
    return new Podman(host);
  }

  static Podman open() {
    try {
      return new Podman(EngineHost.open());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return host.directory();
  }

  String cgroupParent() {
    return "/" + host.cgroupParent();
  }

  Result run(String... arguments) {
    return host.run(command(arguments));
  }

  Result runWithInput(String input, String... arguments) {
    return host.run(command(arguments), input);
  }

  /** {@code podman run} below the control group of this host. */
  Result runContainer(String... arguments) {
    return host.run(container(arguments));
  }

  Process startContainer(String... arguments) {
    return host.start(container(arguments));
  }

  private List<String> container(String... arguments) {
    List<String> command = command("run", "--cgroup-parent", cgroupParent());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Makes a pod whose first process sleeps in the runtime under test. */
  void createPod(String name) {
    run(
            "pod",
            "create",
            "--name",
            name,
            "--infra-image",
            BusyboxImage.NAME,
            "--infra-command",
            "sleep 1000",
            "--network",
            "none",
            "--cgroup-parent",
            cgroupParent())
        .ok();
  }

  long pid(String container) {
    return Long.parseLong(inspect(container, "{{.State.Pid}}"));
  }

  String inspect(String container, String format) {
    return run("inspect", "-f", format, container).ok().line();
  }

  /** A terminal whose shell has {@code podman} as a command. */
  Terminal terminal() {
    String command = String.join(" ", host.inside(command()));
    return new Terminal(directory(), "podman() { " + command + " \"$@\"; }");
  }

  private List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "CONTAINERS_CONF=" + directory().resolve("podman/containers.conf"),
                "podman",
                "--root=" + directory().resolve("podman/root"),
                "--runroot=" + directory().resolve("podman/run"),
                "--tmpdir=" + directory().resolve("podman/tmp"),
                "--runtime=" + host.runtime()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Podman keeps the control groups of its pods and monitors, whatever the runtime. */
  void removeCgroups() {
    host.removeCgroups(name -> !name.startsWith("libpod-"));
  }

  @Override
  public void close() {
    run("pod", "rm", "-a", "-f", "-t", "0").ok();
    run("rm", "-a", "-f", "-t", "0").ok();
    removeCgroups();
    host.close();
  }
}

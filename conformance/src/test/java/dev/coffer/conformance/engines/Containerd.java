package dev.coffer.conformance.engines;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A containerd of its own, whose CRI plugin has the runtime under test as its default, and its
 * client {@code ctr}.
 */
final class Containerd implements AutoCloseable {

  private final EngineHost host;
  private final Path socket;

  private Containerd(EngineHost host) throws IOException {
    this.host = host;
    this.socket = host.directory().resolve("containerd.sock");
    Path config = host.directory().resolve("containerd.toml");
    Files.writeString(config, configuration(host));
    List<String> probe = command();
    probe.add("version");
    host.daemon("containerd", List.of("containerd", "-c", config.toString()), probe);
    run("images", "import", host.image().toString()).ok();
    run("--namespace", "k8s.io", "images", "import", host.image().toString()).ok();
  }

  private static String configuration(EngineHost host) {
    return """
      version = 2
      root = "%1$s/containerd/root"
      state = "%1$s/containerd/state"
      [grpc]
        address = "%1$s/containerd.sock"
      [plugins."io.containerd.grpc.v1.cri"]
        sandbox_image = "%2$s"
        restrict_oom_score_adj = true
        disable_tcp_service = true
        [plugins."io.containerd.grpc.v1.cri".containerd]
          default_runtime_name = "coffer"
          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.coffer]
            runtime_type = "io.containerd.runc.v2"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.coffer.options]
              BinaryName = "%3$s"
      """
        .formatted(host.directory(), BusyboxImage.NAME, host.runtime());
  }

  static Containerd open() {
    try {
      return new Containerd(EngineHost.open());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  EngineHost host() {
    return host;
  }

  Path socket() {
    return socket;
  }

  /** The client's command line without a verb. */
  List<String> command() {
    return new ArrayList<>(List.of("ctr", "--address", socket.toString()));
  }

  /** A command line of {@code ctr run} whose last words are image, identifier and command. */
  List<String> container(String... arguments) {
    List<String> command = command();
    command.addAll(List.of("run", "--runc-binary", host.runtime().toString()));
    int image = List.of(arguments).indexOf(BusyboxImage.NAME);
    command.add("--cgroup=/" + host.cgroupParent() + "/" + arguments[image + 1]);
    command.addAll(List.of(arguments));
    return command;
  }

  Result run(String... arguments) {
    List<String> command = command();
    command.addAll(List.of(arguments));
    return host.run(command);
  }

  /** The first process of a container. */
  long pid(String namespace, String id) {
    return Long.parseLong(task(namespace, id)[1]);
  }

  /** Identifier, pid and state of a container's task. */
  String[] task(String namespace, String id) {
    return run("--namespace", namespace, "task", "ls").ok().lines().stream()
        .map(line -> line.split("\\s+"))
        .filter(fields -> fields[0].equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Ends a container's task by force and removes it. */
  void remove(String id) {
    run("task", "rm", "-f", id).ok();
    Coffer.eventually(() -> run("containers", "rm", id).exitCode() == 0);
  }

  @Override
  public void close() {
    for (String namespace : List.of("default", "k8s.io")) {
      run("--namespace", namespace, "containers", "ls", "-q")
          .lines()
          .forEach(
              id -> {
                run("--namespace", namespace, "task", "rm", "-f", id);
                run("--namespace", namespace, "containers", "rm", id);
              });
    }
    host.close();
  }
}

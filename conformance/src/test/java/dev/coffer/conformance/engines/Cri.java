package dev.coffer.conformance.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer.Result;
import dev.coffer.conformance.engines.Protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A client of the Kubernetes container runtime interface, as a kubelet is one: Debian has no
 * crictl, so curl speaks gRPC over the socket. Field numbers are those of the interface's {@code
 * api.proto}, version {@code runtime.v1}.
 */
final class Cri implements AutoCloseable {

  /** What the runtime answers when it ran a command in a container. */
  record Output(String out, String err, long exitCode) {}

  /** The state of a container: 0 created, 1 running, 2 exited. */
  record Status(long state, long exitCode, String reason) {}

  /** A call that was refused. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private static final int OWN_NAMESPACE = 1;
  private static final int HOST_NAMESPACE = 2;

  private final EngineHost host;
  private final Path socket;
  private final Path logs;
  private final Set<String> pods = new HashSet<>();

  Cri(Containerd containerd) {
    this.host = containerd.host();
    this.socket = containerd.socket();
    this.logs = host.directory().resolve("pods");
  }

  /** Makes a pod on the host's network: its first process, its namespaces and its control group. */
  String runPod(String name) {
    String id = call("RunPodSandbox", new Protobuf().message(1, pod(name))).text(1);
    pods.add(id);
    return id;
  }

  private Protobuf pod(String name) {
    Protobuf metadata =
        new Protobuf().text(1, name).text(2, "uid-" + name).text(3, "default").number(4, 0);
    Protobuf security = new Protobuf().message(1, new Protobuf().number(1, HOST_NAMESPACE));
    Protobuf linux = new Protobuf().text(1, "/" + host.cgroupParent()).message(2, security);
    return new Protobuf()
        .message(1, metadata)
        .text(3, logs.resolve(name).toString())
        .message(8, linux);
  }

  /** The name of a container's log file within its pod's directory. */
  List<String> log(String pod, String container) {
    try {
      return Files.readAllLines(logs.resolve(pod).resolve(container + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a container in a pod and returns its identifier. */
  String create(String podId, String pod, String name, long memoryLimitBytes, String... command) {
    Protobuf config =
        new Protobuf()
            .message(1, new Protobuf().text(1, name))
            .message(2, new Protobuf().text(1, BusyboxImage.NAME))
            .text(3, command)
            .message(6, new Protobuf().text(1, "FROM").text(2, "kubelet"))
            .text(11, name + ".log")
            .message(15, linux(memoryLimitBytes));
    Protobuf request = new Protobuf().text(1, podId).message(2, config).message(3, pod(pod));
    return call("CreateContainer", request).text(1);
  }

  private static Protobuf linux(long memoryLimitBytes) {
    Protobuf namespaces = new Protobuf().number(1, HOST_NAMESPACE).number(2, OWN_NAMESPACE);
    return new Protobuf()
        .message(1, resources(memoryLimitBytes))
        .message(2, new Protobuf().message(3, namespaces));
  }

  private static Protobuf resources(long memoryLimitBytes) {
    return new Protobuf().number(1, 100_000).number(2, 50_000).number(4, memoryLimitBytes);
  }

  void start(String id) {
    call("StartContainer", new Protobuf().text(1, id));
  }

  void stop(String id, long seconds) {
    call("StopContainer", new Protobuf().text(1, id).number(2, seconds));
  }

  void remove(String id) {
    call("RemoveContainer", new Protobuf().text(1, id));
  }

  void update(String id, long memoryLimitBytes) {
    Protobuf request = new Protobuf().text(1, id).message(2, resources(memoryLimitBytes));
    call("UpdateContainerResources", request);
  }

  Status status(String id) {
    Message status = call("ContainerStatus", new Protobuf().text(1, id)).message(1);
    return new Status(status.number(3), status.number(7), status.text(10));
  }

  Output exec(String id, String... command) {
    Protobuf request = new Protobuf().text(1, id).text(2, command).number(3, 10);
    Message answer = call("ExecSync", request);
    return new Output(answer.text(1), answer.text(2), answer.number(3));
  }

  /** The working set of a container's memory, in bytes, as the runtime reports it. */
  long memory(String id) {
    Message stats = call("ContainerStats", new Protobuf().text(1, id)).message(1);
    return stats.message(3).message(2).number(1);
  }

  /** Ends and removes a pod with all that is in it. */
  void removePod(String id) {
    call("StopPodSandbox", new Protobuf().text(1, id));
    call("RemovePodSandbox", new Protobuf().text(1, id));
    pods.remove(id);
  }

  /** Removes the pods that failed tests have left. */
  @Override
  public void close() {
    Set.copyOf(pods).forEach(this::removePod);
  }

  private Message call(String method, Protobuf request) {
    try {
      Path body = Files.createTempFile(host.directory(), "request", "");
      Path headers = Files.createTempFile(host.directory(), "headers", "");
      Path answer = Files.createTempFile(host.directory(), "answer", "");
      Files.write(body, request.frame());
      Result result =
          host.run(
              List.of(
                  "curl",
                  "--silent",
                  "--show-error",
                  "--http2-prior-knowledge",
                  "--unix-socket",
                  socket.toString(),
                  "--header",
                  "content-type: application/grpc",
                  "--header",
                  "te: trailers",
                  "--data-binary",
                  "@" + body,
                  "--dump-header",
                  headers.toString(),
                  "--output",
                  answer.toString(),
                  "http://localhost/runtime.v1.RuntimeService/" + method));
      result.ok();
      String status = header(headers, "grpc-status");
      if (!status.equals("0")) {
        throw new Refused(method + ": " + header(headers, "grpc-message"));
      }
      return Message.ofFrame(Files.readAllBytes(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(Path headers, String name) throws IOException {
    List<String> values =
        Files.readAllLines(headers).stream()
            .filter(line -> line.startsWith(name + ": "))
            .map(line -> line.substring(name.length() + 2))
            .toList();
    assertThat(values).as(name).hasSize(1);
    return URLDecoder.decode(values.getFirst().replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}

package dev.coffer.image.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on a free loopback port, with its data in the test's directory. */
final class DebianRegistry implements AutoCloseable {
  private final Process process;
  private final int port;

  private DebianRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param http lines of its configuration's part {@code http}
   * @param more further parts
   */
  static DebianRegistry start(Path directory, String http, String more) throws Exception {
    int port = freePort();
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log:
          level: error
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: %s
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:%d
        %s
        %s
        """
            .formatted(directory.resolve("data"), port, http.indent(2).stripTrailing(), more));
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    DebianRegistry registry = new DebianRegistry(process, port);
    WaitFor.condition("the registry listens", Duration.ofSeconds(20), registry::answers);
    return registry;
  }

  private boolean answers() throws IOException {
    assertThat(process.isAlive()).isTrue();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return socket.isConnected();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  String domain() {
    return "127.0.0.1:" + port;
  }

  /** Runs a program to its end in a directory. */
  static void run(Path directory, String... words) throws Exception {
    Process program =
        new ProcessBuilder(List.of(words))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("run.log").toFile())
            .start();
    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue())
        .as(() -> String.join(" ", words) + ": " + log(directory))
        .isZero();
  }

  private static String log(Path directory) {
    try {
      return Files.readString(directory.resolve("run.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroy();
    assertThat(process.onExit().orTimeout(20, TimeUnit.SECONDS).join()).isNotNull();
  }
}

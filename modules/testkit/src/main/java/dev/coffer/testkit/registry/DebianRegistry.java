package dev.coffer.testkit.registry;

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
public final class DebianRegistry implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Path log;

  private DebianRegistry(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param http lines of its configuration's part {@code http}
   * @param more further parts
   */
  public static DebianRegistry start(Path directory, String http, String more) throws Exception {
    int port = freePort();
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log:
          level: error
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
    Path log = directory.resolve("registry.log");
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    DebianRegistry registry = new DebianRegistry(process, port, log);
    WaitFor.condition("the registry listens", Duration.ofSeconds(20), registry::answers);
    return registry;
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("the registry has ended with " + process.exitValue());
    }
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

  /** Its port on the loopback device. */
  public int port() {
    return port;
  }

  /** What it was asked for, a line each as web servers write them. */
  public List<String> requests() throws IOException {
    return Files.readAllLines(log);
  }

  /** What names of its images begin with. */
  public String domain() {
    return "127.0.0.1:" + port;
  }

  /** Runs a program to its end in a directory. */
  public static void run(Path directory, String... words) throws Exception {
    Process program =
        new ProcessBuilder(List.of(words))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("run.log").toFile())
            .start();
    if (!program.waitFor(60, TimeUnit.SECONDS) || program.exitValue() != 0) {
      program.destroyForcibly();
      throw new AssertionError(String.join(" ", words) + ": " + log(directory));
    }
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
    process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

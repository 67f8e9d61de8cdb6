package dev.coffer.conformance.oci;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Who waits at a console socket, types a line and reads to the end. */
final class Console implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path socket;
  private final Path said;
  private final Process process;

  /**
   * Listens, once this returns.
   *
   * @param probe the program of {@link Probe}, on the host
   * @param socket where nothing is yet; its name is short enough for a socket's
   */
  Console(Path probe, Path socket) {
    this.socket = socket;
    this.said = Path.of(socket + ".out");
    try {
      process =
          new ProcessBuilder(probe.toString(), "console", socket.toString())
              .redirectOutput(said.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WaitFor.condition("the console listens", PATIENCE, () -> Files.exists(socket));
  }

  Path socket() {
    return socket;
  }

  /** All that was written to the terminal, after what the socket's message said of it. */
  String finish() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return Files.readString(said).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits no longer for who may never come. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}

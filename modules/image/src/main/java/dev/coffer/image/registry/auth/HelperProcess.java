package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.kernel.Child;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Pipe;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.SpawnRequest;
import dev.coffer.kernel.Spawner;
import dev.coffer.kernel.WaitStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs a small program of the caller's to its end: something in, something out, within a time.
 *
 * <p>It gets the caller's environment and nothing of the engine's but that.
 */
final class HelperProcess {
  private static final int MAX_OUTPUT = 1 << 20;

  /** What a pipe takes without a reader. */
  private static final int MAX_INPUT = 60 << 10;

  private static final int SIGKILL = 9;

  /** How often an interrupt of the waiting thread is looked for. */
  private static final Duration GLANCE = Duration.ofMillis(100);

  private final Spawner spawner;
  private final Duration limit;

  /**
   * What a program said.
   *
   * @param code its exit code
   * @param text its standard output
   */
  record Output(int code, String text) {}

  HelperProcess(Spawner spawner, Duration limit) {
    this.spawner = spawner;
    this.limit = limit;
  }

  /**
   * Runs a program that is looked for in the environment's PATH.
   *
   * @throws ImageException NOT_FOUND when there is none; HOST when it cannot be started or takes
   *     too long
   */
  Output run(String program, String verb, String input, Map<String, String> environment)
      throws IOException {
    String path = find(program, environment.getOrDefault("PATH", ""));
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_INPUT) {
      throw failure(program, "what it should take is too long");
    }
    List<String> variables =
        environment.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList();
    try (Pipe in = Pipe.open();
        Pipe out = Pipe.open();
        Fd nowhere = FileOpen.path("/dev/null", OpenFlags.WRONLY)) {
      FileData.writeAll(in.writer(), bytes);
      in.writer().close();
      SpawnRequest request =
          new SpawnRequest(
              path,
              List.of(program, verb),
              variables,
              List.of(in.reader(), out.writer(), nowhere),
              true);
      try (Child child = spawner.spawn(request)) {
        out.writer().close();
        return finish(program, child, out.reader());
      }
    } catch (KernelException e) {
      throw new ImageException(
          ImageException.Kind.HOST, "cannot run \"" + program + "\": " + e.getMessage(), e);
    }
  }

  private static String find(String program, String searchPath) throws ImageException {
    for (String directory : searchPath.split(":")) {
      if (directory.startsWith("/")) {
        Path candidate = Path.of(directory, program);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return candidate.toString();
        }
      }
    }
    throw new ImageException(
        ImageException.Kind.NOT_FOUND,
        "cannot run credential helper \"%s\": not found in PATH".formatted(program));
  }

  private Output finish(String program, Child child, Fd output) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean reaped = false;
    try {
      byte[] text = read(program, output, deadline);
      awaitReadable(program, child.pidfd(), deadline);
      WaitStatus status = Pidfd.await(child.pidfd());
      reaped = true;
      return new Output(status.code(), new String(text, StandardCharsets.UTF_8));
    } finally {
      if (!reaped) {
        Pidfd.signal(child.pidfd(), SIGKILL);
        Pidfd.await(child.pidfd());
      }
    }
  }

  private byte[] read(String program, Fd output, long deadline) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (true) {
      awaitReadable(program, output, deadline);
      int count = FileData.read(output, buffer, 0, buffer.length);
      if (count <= 0) {
        return text.toByteArray();
      }
      text.write(buffer, 0, count);
      if (text.size() > MAX_OUTPUT) {
        throw failure(program, "it writes too much");
      }
    }
  }

  private void awaitReadable(String program, Fd fd, long deadline) throws IOException {
    while (!Poll.readable(fd, GLANCE)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      if (System.nanoTime() - deadline > 0) {
        throw failure(program, "no answer in " + limit.toSeconds() + " s");
      }
    }
  }

  private static ImageException failure(String program, String reason) {
    return new ImageException(
        ImageException.Kind.HOST,
        "cannot use credential helper \"%s\": %s".formatted(program, reason));
  }
}

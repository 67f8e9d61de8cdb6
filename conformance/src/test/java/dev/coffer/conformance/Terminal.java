package dev.coffer.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A person at a terminal: util-linux's {@code script} gives the command a pseudo-terminal, we type
 * and read.
 */
public final class Terminal implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Pattern CONTROL_SEQUENCE = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]");

  private final Process process;
  private final StringBuilder screen = new StringBuilder();

  /** Opens a shell on a terminal where {@code coffer} is the command. */
  Terminal(Coffer coffer) {
    this(
        coffer.directory(),
        "coffer() { COFFER_NETWORK=none COFFER_ROOT=%s %s \"$@\"; }"
            .formatted(coffer.root(), coffer.binary()));
  }

  /**
   * Opens a shell on a terminal of 30 rows and 100 columns.
   *
   * @param directory its working directory
   * @param shellSetUp what the shell runs first
   */
  public Terminal(Path directory, String shellSetUp) {
    try {
      process =
          new ProcessBuilder("script", "-qfc", "/bin/bash --norc --noprofile -i", "/dev/null")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::read);
    type("stty rows 30 cols 100; " + shellSetUp + "; PS1='host$ '\n");
    type("echo re''ady\n");
    waitFor("ready");
    clear();
  }

  public void type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the screen's text matches a regular expression. */
  public void waitFor(String regularExpression) {
    Pattern pattern = Pattern.compile(regularExpression, Pattern.MULTILINE);
    Instant deadline = Instant.now().plus(LIMIT);
    while (!pattern.matcher(text()).find()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError(
            "no " + regularExpression + " on the terminal, which shows:\n" + text());
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** What was shown, without carriage returns and control sequences (ECMA-48, CSI). */
  public String text() {
    synchronized (screen) {
      return CONTROL_SEQUENCE.matcher(screen.toString().replace("\r", "")).replaceAll("");
    }
  }

  public void clear() {
    synchronized (screen) {
      screen.setLength(0);
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (InputStream in = process.getInputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (screen) {
          screen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The terminal was closed.
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

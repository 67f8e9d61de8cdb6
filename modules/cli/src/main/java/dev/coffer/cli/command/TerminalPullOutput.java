package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Lines that change in place. What is said once is written by the plain output around them. */
final class TerminalPullOutput implements PullOutput {
  private static final Duration SHORTEST = Duration.ofMillis(80);

  private final PlainPullOutput plain;
  private final OutputStream out;
  private final Supplier<WindowSize> window;
  private final Supplier<Duration> clock;
  private final PullScreen screen = new PullScreen();
  private int drawn;
  private Duration last = Duration.ofSeconds(-1);

  TerminalPullOutput(EngineRequest request, int stream) {
    this(
        new PlainPullOutput(request, stream),
        stream == 2 ? request.console().errors() : request.console().output(),
        request.console()::size,
        () -> Duration.ofNanos(System.nanoTime()));
  }

  TerminalPullOutput(
      PlainPullOutput plain,
      OutputStream out,
      Supplier<WindowSize> window,
      Supplier<Duration> clock) {
    this.plain = plain;
    this.out = out;
    this.window = window;
    this.clock = clock;
  }

  @Override
  public void begin(String name) {
    plain.begin(name);
  }

  @Override
  public synchronized void on(TransferEvent event) {
    if (event instanceof TransferEvent.Resolved) {
      plain.on(event);
      return;
    }
    if (event instanceof TransferEvent.Warning) {
      clear();
      plain.on(event);
    }
    Duration now = clock.get();
    screen.on(event, now);
    boolean often = event instanceof TransferEvent.Progress;
    if (!often || now.minus(last).compareTo(SHORTEST) >= 0) {
      last = now;
      draw(now);
    }
  }

  /** Over the lines that were drawn before; longer ones than these are wiped to their end. */
  private void draw(Duration now) {
    List<String> lines = screen.lines(window.get(), now);
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\r\033[").append(drawn).append('A');
    }
    for (String line : lines) {
      text.append(line).append("\033[K\r\n");
    }
    if (lines.size() < drawn) {
      text.append("\033[J");
    }
    drawn = lines.size();
    write(text.toString());
  }

  private void clear() {
    if (drawn > 0) {
      write("\r\033[" + drawn + "A\033[J");
      drawn = 0;
    }
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void end(Pulled pulled) {
    drawn = 0;
    plain.end(pulled);
  }

  @Override
  public void close() {}
}

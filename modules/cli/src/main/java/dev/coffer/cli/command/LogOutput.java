package dev.coffer.cli.command;

import dev.coffer.cli.request.Console;
import dev.coffer.engine.model.LogLine;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes log lines to the stream that they were written to. */
final class LogOutput implements Consumer<LogLine> {

  private static final int BUFFER = 32 << 10;

  private final OutputStream out;
  private final OutputStream err;
  private final boolean timestamps;
  private final boolean immediate;
  private boolean lastWasError;

  /**
   * Lines for a caller.
   *
   * @param timestamps whether each line begins with its time
   * @param immediate whether lines are sent as they come
   */
  LogOutput(Console console, boolean timestamps, boolean immediate) {
    this.out = new BufferedOutputStream(console.output(), BUFFER);
    this.err = new BufferedOutputStream(console.errors(), BUFFER);
    this.timestamps = timestamps;
    this.immediate = immediate;
  }

  @Override
  public void accept(LogLine line) {
    try {
      write(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(LogLine line) throws IOException {
    OutputStream stream = line.stderr() ? err : out;
    if (line.stderr() != lastWasError) {
      flush();
      lastWasError = line.stderr();
    }
    if (timestamps) {
      stream.write((timestamp(line.time()) + " ").getBytes(StandardCharsets.US_ASCII));
    }
    stream.write(line.text());
    if (immediate) {
      stream.flush();
    }
  }

  /** RFC 3339 with nine digits of fraction, so that lines align and sort. */
  private static String timestamp(Instant time) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
        .format(time.atOffset(ZoneOffset.UTC));
  }

  /** Sends what is written. */
  void flush() throws IOException {
    out.flush();
    err.flush();
  }
}

package dev.coffer.cli.request;

import dev.coffer.kernel.Fd;
import dev.coffer.runtime.protocol.MonitorHandover;
import dev.coffer.runtime.protocol.StdioKind;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A caller's standard streams and terminal, as far as they are the engine's to use. Writing to a
 * caller who has left throws {@link CallerGoneException}.
 */
public interface Console {

  /** What the caller's descriptor 0, 1 or 2 is. */
  StdioKind kind(int stream);

  /** The size of the caller's terminal; unknown when none of its streams is one. */
  WindowSize size();

  /** Writes text for people to standard output. It is sent when the command ends or lasts. */
  void out(String text);

  /** Writes text for people to standard error, after all that was written to standard output. */
  void err(String text);

  /**
   * Asks whoever sits at the terminal, and waits for a line. Without a terminal the answer is
   * empty.
   *
   * @param hidden whether what is typed is not shown
   * @throws CallerGoneException when the caller leaves instead
   */
  String ask(String prompt, boolean hidden);

  /** Standard input for bulk data. */
  InputStream input();

  /** Standard output for bulk data. The stream is not buffered. */
  OutputStream output();

  /** Standard error as {@link #output}. */
  OutputStream errors();

  /**
   * The caller's own descriptor 0, 1 or 2, for a monitor to use; the taker owns it and nothing else
   * may use that stream afterwards. Empty for a terminal, which the caller relays itself.
   */
  Optional<Fd> takeStream(int stream);

  /**
   * Makes the caller a client of a monitor.
   *
   * @param client the caller's end of a connection whose other end the monitor has; owned by this
   *     from here on
   */
  void join(MonitorHandover handover, Fd client);

  /**
   * Does something that may last as long as the caller waits for it.
   *
   * @param action interrupted when the caller leaves
   * @throws CallerGoneException when that happened
   */
  <T> T await(Supplier<T> action);
}

package dev.coffer.engine.bootstrap;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Passes an installer's messages on, and keeps the first that it marks as an error. */
final class FirstError implements Consumer<String> {
  /** How apt and its like mark them. */
  private static final String MARK = "E: ";

  private final Consumer<String> messages;
  private final AtomicReference<String> text = new AtomicReference<>("");

  FirstError(Consumer<String> messages) {
    this.messages = messages;
  }

  @Override
  public void accept(String line) {
    if (line.startsWith(MARK)) {
      boolean ignored = text.compareAndSet("", line.substring(MARK.length()));
    }
    messages.accept(line);
  }

  /** The error without its mark; empty while there was none. */
  String text() {
    return text.get();
  }
}

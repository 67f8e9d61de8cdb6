package dev.coffer.cli.testing;

import dev.coffer.cli.request.Console;
import dev.coffer.kernel.Fd;
import dev.coffer.runtime.protocol.MonitorHandover;
import dev.coffer.runtime.protocol.StdioKind;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/** A console that keeps what is written. */
public final class FakeConsole implements Console {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<MonitorHandover> joins = new ArrayList<>();
  private StdioKind kind = StdioKind.PIPE;
  private WindowSize size = WindowSize.UNKNOWN;
  private byte[] input = new byte[0];
  private final Queue<String> typed = new ArrayDeque<>();

  /** A console whose streams are a terminal. */
  public static FakeConsole terminal(int rows, int columns) {
    FakeConsole console = new FakeConsole();
    console.kind = StdioKind.TTY;
    console.size = new WindowSize(rows, columns);
    return console;
  }

  /** A console with bytes to read. */
  public static FakeConsole withInput(String text) {
    FakeConsole console = new FakeConsole();
    console.input = text.getBytes(StandardCharsets.UTF_8);
    return console;
  }

  /** What will be typed when there is a question. */
  public FakeConsole typing(String... lines) {
    typed.addAll(List.of(lines));
    return this;
  }

  /** What was written to standard output. */
  public String outText() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What was written to standard error. */
  public String errText() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** The monitors that the caller was joined to. */
  public List<MonitorHandover> joins() {
    return joins;
  }

  @Override
  public StdioKind kind(int stream) {
    return kind;
  }

  @Override
  public WindowSize size() {
    return size;
  }

  @Override
  public void out(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void err(String text) {
    err.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String ask(String prompt, boolean hidden) {
    out(prompt + (hidden ? "<hidden>" : "") + "\n");
    return typed.isEmpty() ? "" : typed.remove();
  }

  @Override
  public InputStream input() {
    return new ByteArrayInputStream(input);
  }

  @Override
  public OutputStream output() {
    return out;
  }

  @Override
  public OutputStream errors() {
    return err;
  }

  @Override
  public Optional<Fd> takeStream(int stream) {
    return Optional.empty();
  }

  @Override
  public void join(MonitorHandover handover, Fd client) {
    client.close();
    joins.add(handover);
  }

  @Override
  public <T> T await(Supplier<T> action) {
    return action.get();
  }
}

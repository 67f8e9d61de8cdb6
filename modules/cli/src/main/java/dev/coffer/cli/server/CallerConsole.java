package dev.coffer.cli.server;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.cli.request.Console;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FdInput;
import dev.coffer.kernel.NativeText;
import dev.coffer.runtime.protocol.CallerStream;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.MonitorHandover;
import dev.coffer.runtime.protocol.Protocol;
import dev.coffer.runtime.protocol.StdioKind;
import dev.coffer.runtime.protocol.Typing;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A launcher's streams and terminal, over the frames of its connection. */
final class CallerConsole implements Console {

  private static final int ENOUGH_TO_SEND = 32 << 10;

  private final Answer answer;
  private final List<CallerStream> streams;
  private final Breaker breaker;
  private final TypedInput typed = new TypedInput();
  private final StringBuilder pending = new StringBuilder();
  private FrameType pendingType = FrameType.OUT;
  private boolean wrote;
  private boolean joined;

  CallerConsole(Answer answer, List<CallerStream> streams, Breaker breaker) {
    this.answer = answer;
    this.streams = streams;
    this.breaker = breaker;
  }

  @Override
  public StdioKind kind(int stream) {
    return streams.get(stream).kind();
  }

  @Override
  public WindowSize size() {
    for (int stream : new int[] {1, 0, 2}) {
      if (kind(stream) == StdioKind.TTY) {
        return streams.get(stream).size();
      }
    }
    return WindowSize.UNKNOWN;
  }

  @Override
  public void out(String text) {
    write(FrameType.OUT, text);
  }

  @Override
  public void err(String text) {
    write(FrameType.ERR, Printable.lines(text));
  }

  private void write(FrameType type, String text) {
    if (type != pendingType) {
      flush();
      pendingType = type;
    }
    pending.append(text);
    if (pending.length() >= ENOUGH_TO_SEND) {
      flush();
    }
  }

  /** Sends what has been written. */
  void flush() {
    if (!pending.isEmpty()) {
      byte[] bytes = NativeText.encode(pending.toString());
      pending.setLength(0);
      sendBytes(pendingType, bytes, 0, bytes.length);
    }
  }

  private void sendBytes(FrameType type, byte[] bytes, int from, int length) {
    wrote = true;
    for (int at = from; at < from + length; at += Protocol.MAXIMUM_DATA) {
      int end = Math.min(from + length, at + Protocol.MAXIMUM_DATA);
      boolean whole = at == 0 && end == bytes.length;
      send(Frame.of(type, whole ? bytes : Arrays.copyOfRange(bytes, at, end)));
    }
  }

  private void send(Frame frame) {
    try {
      answer.send(frame);
    } catch (IOException e) {
      throw new CallerGoneException();
    }
  }

  @Override
  public String ask(String prompt, boolean hidden) {
    if (kind(0) != StdioKind.TTY) {
      return "";
    }
    out(prompt);
    flush();
    Typing typing = hidden ? Typing.SILENT : Typing.LINES;
    answer.reading().besides();
    send(Frame.of(FrameType.RAW, new byte[] {(byte) typing.number()}));
    try {
      return breaker.await(typed::line);
    } finally {
      send(Frame.of(FrameType.RESTORE));
    }
  }

  @Override
  public InputStream input() {
    Optional<Fd> passed = streams.getFirst().descriptor();
    if (passed.isPresent()) {
      return new FdInput(passed.get());
    }
    if (kind(0) != StdioKind.TTY) {
      return InputStream.nullInputStream();
    }
    flush();
    answer.reading().besides();
    send(Frame.of(FrameType.RAW, new byte[] {(byte) Typing.LINES.number()}));
    return typed;
  }

  @Override
  public OutputStream output() {
    return bulk(1, FrameType.OUT);
  }

  @Override
  public OutputStream errors() {
    return bulk(2, FrameType.ERR);
  }

  private OutputStream bulk(int stream, FrameType type) {
    flush();
    Optional<Fd> passed = streams.get(stream).descriptor();
    return passed.isPresent() ? new FdOutput(passed.get(), breaker) : new FrameOutput(type);
  }

  private final class FrameOutput extends OutputStream {
    private final FrameType type;

    FrameOutput(FrameType type) {
      this.type = type;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      sendBytes(type, bytes, from, length);
    }
  }

  @Override
  public Optional<Fd> takeStream(int stream) {
    return streams.get(stream).descriptor().map(descriptor -> Fd.of(descriptor.release()));
  }

  @Override
  public void join(MonitorHandover handover, Fd client) {
    flush();
    try (client) {
      send(handover.toFrame(client));
    }
    joined = true;
  }

  @Override
  public <T> T await(Supplier<T> action) {
    flush();
    answer.reading().besides();
    return breaker.await(action);
  }

  /** The caller has all that it needs of the engine: it goes on where that ends. */
  void doWithoutEngine() {
    joined = true;
  }

  /** What the caller types. */
  TypedInput typed() {
    return typed;
  }

  /**
   * Whether the caller has been given bytes or a monitor, so that its request cannot be repeated.
   */
  boolean hasAnswered() {
    return wrote || joined;
  }

  /** Whether the caller does without the engine, as a monitor's client or a runner that waits. */
  boolean hasJoined() {
    return joined;
  }
}

package dev.coffer.cli.server;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.protocol.CallerStream;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Hello;
import dev.coffer.runtime.protocol.HelloReply;
import dev.coffer.runtime.protocol.Payloads;
import dev.coffer.runtime.protocol.Protocol;
import dev.coffer.runtime.protocol.Request;
import dev.coffer.runtime.protocol.StdioKind;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A launcher in Java: speaks the protocol over a real socket. */
final class FakeLauncher implements AutoCloseable {

  /** What came back up to the end. */
  record Outcome(FrameType last, int number, String out, String err) {}

  private final FrameChannel channel;
  private final List<CallerStream> streams = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  FakeLauncher(Path runDirectory) throws IOException {
    try (Fd directory = FileOpen.path(runDirectory.toString(), OpenFlags.DIRECTORY)) {
      channel = new FrameChannel(UnixSocket.connect(directory, Door.SOCKET, UnixSocket.STREAM));
    }
    for (int i = 0; i < 3; i++) {
      streams.add(stream(StdioKind.NULL, Optional.empty()));
    }
  }

  private static CallerStream stream(StdioKind kind, Optional<Fd> descriptor) {
    return new CallerStream(kind, WindowSize.UNKNOWN, new byte[0], descriptor);
  }

  FakeLauncher terminal(int stream) {
    streams.set(stream, stream(StdioKind.TTY, Optional.empty()));
    return this;
  }

  FakeLauncher pass(int stream, Fd descriptor) {
    streams.set(stream, stream(StdioKind.PIPE, Optional.of(descriptor)));
    return this;
  }

  FakeLauncher hello(long build) throws IOException {
    channel.send(new Hello(Protocol.VERSION, 0, build).toFrame());
    return this;
  }

  FakeLauncher request(UUID id, String... words) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("coffer"));
    arguments.addAll(List.of(words));
    try (Fd directory = FileOpen.path("/tmp", OpenFlags.PATH);
        Fd root = FileOpen.path("/", OpenFlags.PATH)) {
      Request request =
          new Request(
              id,
              arguments,
              List.of("TZ=UTC"),
              022,
              Caller.ownMountNamespace(),
              0,
              streams,
              directory,
              root);
      channel.send(request.toFrame());
    }
    return this;
  }

  /** Hello and request at once, as the real one does. */
  FakeLauncher ask(String... words) throws IOException {
    return hello(1).request(UUID.randomUUID(), words);
  }

  FakeLauncher send(Frame frame) throws IOException {
    channel.send(frame);
    return this;
  }

  Optional<Frame> receive() throws IOException {
    return channel.receive();
  }

  HelloReply greeting() throws IOException {
    return HelloReply.decode(receive().orElseThrow().payload());
  }

  /** Reads up to a frame of this type, keeping output on the way. */
  Frame await(FrameType type) throws IOException {
    while (true) {
      Frame frame = receive().orElseThrow(() -> new AssertionError("ended before " + type));
      keep(frame);
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  /** Reads to EXIT, RAISE, RECONNECT or the end, which is a null type. */
  Outcome outcome() throws IOException {
    while (true) {
      Optional<Frame> frame = receive();
      if (frame.isEmpty()) {
        return new Outcome(
            null, 0, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
      }
      keep(frame.get());
      FrameType type = frame.get().type();
      if (type == FrameType.EXIT || type == FrameType.RAISE || type == FrameType.RECONNECT) {
        int number = type == FrameType.RECONNECT ? 0 : Payloads.decodeNumber(frame.get());
        return new Outcome(
            type,
            number,
            out.toString(StandardCharsets.UTF_8),
            err.toString(StandardCharsets.UTF_8));
      }
    }
  }

  private void keep(Frame frame) {
    if (frame.type() == FrameType.OUT) {
      out.writeBytes(frame.payload());
    } else if (frame.type() == FrameType.ERR) {
      err.writeBytes(frame.payload());
    }
  }

  /** Hangs up, as a launcher that is killed. */
  void leave() {
    channel.close();
  }

  @Override
  public void close() {
    channel.close();
  }
}

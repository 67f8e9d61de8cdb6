package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A command line with all that the engine needs of its caller.
 *
 * @param id a request that is sent twice, after a hand-over, has the same
 * @param arguments the first is the name that the launcher was called by
 * @param environment {@code NAME=value} each
 * @param mountNamespace inode of the caller's mount namespace; what the engine cannot see there it
 *     cannot mount
 * @param userNamespace inode of the caller's user namespace
 * @param streams those of 0, 1 and 2
 */
public record Request(
    UUID id,
    List<String> arguments,
    List<String> environment,
    int umask,
    long mountNamespace,
    long userNamespace,
    List<CallerStream> streams,
    Fd workingDirectory,
    Fd rootDirectory)
    implements AutoCloseable {

  public Request {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    streams = List.copyOf(streams);
  }

  public Frame toFrame() {
    PayloadWriter out =
        new PayloadWriter()
            .i64(Long.reverseBytes(id.getMostSignificantBits()))
            .i64(Long.reverseBytes(id.getLeastSignificantBits()))
            .list(arguments)
            .list(environment)
            .i32(umask)
            .i64(mountNamespace)
            .i64(userNamespace);
    List<Fd> descriptors = new ArrayList<>(List.of(workingDirectory, rootDirectory));
    for (CallerStream stream : streams) {
      out.u8(stream.kind().number())
          .u8(stream.descriptor().isPresent() ? 1 : 0)
          .u16(stream.size().rows())
          .u16(stream.size().columns())
          .bytes(stream.termios());
      stream.descriptor().ifPresent(descriptors::add);
    }
    return new Frame(FrameType.REQUEST, out.toBytes(), descriptors);
  }

  /** Decodes the frame and takes its descriptors over; where that fails they are closed. */
  public static Request decode(Frame frame) throws ProtocolException {
    try {
      return PayloadReader.decode(
          FrameType.REQUEST, frame.payload(), in -> read(in, frame.descriptors().iterator()));
    } catch (ProtocolException e) {
      frame.closeDescriptors();
      throw e;
    }
  }

  private static Request read(PayloadReader in, Iterator<Fd> descriptors) throws ProtocolException {
    UUID id = new UUID(Long.reverseBytes(in.i64()), Long.reverseBytes(in.i64()));
    List<String> arguments = in.list();
    List<String> environment = in.list();
    int umask = in.i32();
    long mountNamespace = in.i64();
    long userNamespace = in.i64();
    Fd workingDirectory = next(descriptors);
    Fd rootDirectory = next(descriptors);
    List<CallerStream> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      StdioKind kind = StdioKind.of(in.u8()).orElse(StdioKind.OTHER);
      boolean passed = in.u8() == 1;
      WindowSize size = new WindowSize(in.u16(), in.u16());
      byte[] termios = in.bytes();
      Optional<Fd> descriptor = passed ? Optional.of(next(descriptors)) : Optional.empty();
      streams.add(new CallerStream(kind, size, termios, descriptor));
    }
    if (descriptors.hasNext()) {
      throw new ProtocolException("cannot decode frame REQUEST: descriptors left over");
    }
    return new Request(
        id,
        arguments,
        environment,
        umask,
        mountNamespace,
        userNamespace,
        streams,
        workingDirectory,
        rootDirectory);
  }

  private static Fd next(Iterator<Fd> descriptors) throws ProtocolException {
    if (!descriptors.hasNext()) {
      throw new ProtocolException("cannot decode frame REQUEST: a descriptor is missing");
    }
    return descriptors.next();
  }

  @Override
  public void close() {
    workingDirectory.close();
    rootDirectory.close();
    streams.forEach(stream -> stream.descriptor().ifPresent(Fd::close));
  }
}

package dev.coffer.network.dns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One question to one server, by a socket of its own, so that every one has a port that cannot be
 * foreseen, and the kernel passes on only what comes from whom was asked. Source: RFC 5452.
 */
abstract sealed class Exchange implements Loop.Handler {

  /** Who asked. */
  interface Asker {
    /** Something came from the server; answers whether it is the answer. */
    boolean came(Exchange exchange, ByteBuffer message);

    /** Nothing will come. */
    void failed(Exchange exchange);
  }

  private final InetSocketAddress server;
  private final SelectableChannel channel;
  private final Asker asker;

  private Exchange(InetSocketAddress server, SelectableChannel channel, Asker asker) {
    this.server = server;
    this.channel = channel;
    this.asker = asker;
  }

  /**
   * Asks.
   *
   * @param message the question, with an id that the server will repeat
   * @param stream whether by TCP
   */
  static Exchange begin(
      Loop loop, InetSocketAddress server, ByteBuffer message, boolean stream, Asker asker)
      throws IOException {
    ProtocolFamily family =
        server.getAddress() instanceof Inet4Address
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6;
    if (stream) {
      return begun(new Stream(server, SocketChannel.open(family), asker, message), loop);
    }
    return begun(new Datagram(server, DatagramChannel.open(family), asker, loop, message), loop);
  }

  private static Exchange begun(Exchange exchange, Loop loop) throws IOException {
    try {
      exchange.start(loop);
      return exchange;
    } catch (IOException | RuntimeException e) {
      exchange.close();
      throw e;
    }
  }

  abstract void start(Loop loop) throws IOException;

  InetSocketAddress server() {
    return server;
  }

  void close() {
    Loop.close(channel);
  }

  @Override
  public void failed() {
    close();
    asker.failed(this);
  }

  /** By UDP. What is not the answer is passed over: anybody can send it. */
  private static final class Datagram extends Exchange {
    /** So many are looked at before others have their turn. */
    private static final int BURST = 16;

    private final DatagramChannel channel;
    private final Asker asker;
    private final Loop loop;
    private final ByteBuffer message;

    Datagram(
        InetSocketAddress server,
        DatagramChannel channel,
        Asker asker,
        Loop loop,
        ByteBuffer message) {
      super(server, channel, asker);
      this.channel = channel;
      this.asker = asker;
      this.loop = loop;
      this.message = message;
    }

    @Override
    void start(Loop loop) throws IOException {
      loop.register(channel, SelectionKey.OP_READ, this);
      channel.connect(server());
      channel.write(message);
    }

    @Override
    public void ready() throws IOException {
      for (int i = 0; i < BURST; i++) {
        ByteBuffer buffer = loop.buffer();
        if (channel.read(buffer) <= 0 || asker.came(this, copy(buffer.flip()))) {
          return;
        }
      }
    }
  }

  /** By TCP: each message is preceded by its length. */
  private static final class Stream extends Exchange {
    private final SocketChannel channel;
    private final Asker asker;
    private final ByteBuffer message;
    private final Frame frame = new Frame(0xffff);
    private SelectionKey key;

    Stream(InetSocketAddress server, SocketChannel channel, Asker asker, ByteBuffer message) {
      super(server, channel, asker);
      this.channel = channel;
      this.asker = asker;
      this.message = Frame.of(message);
    }

    @Override
    void start(Loop loop) throws IOException {
      key = loop.register(channel, SelectionKey.OP_CONNECT, this);
      if (channel.connect(server())) {
        key.interestOps(SelectionKey.OP_WRITE);
      }
    }

    @Override
    public void ready() throws IOException {
      if (key.isConnectable()) {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_WRITE);
      } else if (key.isWritable()) {
        channel.write(message);
        if (!message.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ);
        }
      } else if (frame.read(channel) && !asker.came(this, frame.message())) {
        throw new IOException("not the answer");
      }
    }
  }

  private static ByteBuffer copy(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return ByteBuffer.wrap(copy);
  }
}

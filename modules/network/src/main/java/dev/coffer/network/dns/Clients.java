package dev.coffer.network.dns;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The clients in one container. Whatever they do holds up nobody outside: what they have under way
 * is bounded, and those who read slowly lose their connection.
 */
final class Clients {
  /** So many messages are answered before other containers have their turn. */
  private static final int BURST = 32;

  /** How long nothing is taken after a failure, which would otherwise come again at once. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Loop loop;
  private final Limits limits;
  private final Sockets sockets;
  private final Questions questions;
  private final Set<Connection> connections = new HashSet<>();
  private boolean closed;

  Clients(Forwarder forwarder, Sockets sockets, Names names) {
    this.loop = forwarder.loop();
    this.limits = forwarder.limits();
    this.sockets = sockets;
    this.questions = new Questions(forwarder, names);
  }

  /** Takes questions from now on; on the loop. */
  void begin() throws IOException {
    Datagrams datagrams = new Datagrams();
    datagrams.key = loop.register(sockets.datagrams(), SelectionKey.OP_READ, datagrams);
    Arrivals arrivals = new Arrivals();
    arrivals.key = loop.register(sockets.streams(), SelectionKey.OP_ACCEPT, arrivals);
  }

  /** Ends all that is under way; on the loop. */
  void close() {
    closed = true;
    sockets.close();
    List.copyOf(connections).forEach(Connection::failed);
    questions.cancel();
  }

  /** A socket that stays whatever happens. */
  private abstract sealed class Lasting implements Loop.Handler {
    SelectionKey key;

    @Override
    public void failed() {
      if (!closed) {
        int operations = key.interestOps();
        key.interestOps(0);
        loop.after(PAUSE, () -> goOn(operations));
      }
    }

    private void goOn(int operations) {
      if (!closed) {
        key.interestOps(operations);
      }
    }
  }

  private final class Datagrams extends Lasting {
    @Override
    public void ready() throws IOException {
      for (int i = 0; i < BURST; i++) {
        ByteBuffer buffer = loop.buffer();
        SocketAddress client = sockets.datagrams().receive(buffer);
        if (client == null) {
          return;
        }
        byte[] message = new byte[buffer.flip().remaining()];
        buffer.get(message);
        questions.ask(ByteBuffer.wrap(message), false, answer -> send(answer, client));
      }
    }

    private void send(ByteBuffer answer, SocketAddress client) {
      try {
        sockets.datagrams().send(answer, client);
      } catch (IOException lost) {
        // As datagrams may be: it will ask again.
      }
    }
  }

  private final class Arrivals extends Lasting {
    @Override
    public void ready() throws IOException {
      SocketChannel client = sockets.streams().accept();
      if (client == null) {
        return;
      }
      if (connections.size() >= limits.connections()) {
        Loop.close(client);
        return;
      }
      Connection connection = new Connection(client);
      connections.add(connection);
      connection.begin();
    }
  }

  /** One client of TCP. It has one answer before its next question is read. */
  private final class Connection implements Loop.Handler {
    /** Larger than any question. */
    private static final int LARGEST_QUESTION = 4_096;

    private final SocketChannel channel;
    private SelectionKey key;
    private Frame question = new Frame(LARGEST_QUESTION);
    private ByteBuffer answer = ByteBuffer.allocate(0);
    private Loop.Timer deadline;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void begin() {
      try {
        key = loop.register(channel, SelectionKey.OP_READ, this);
        startClock();
      } catch (IOException gone) {
        failed();
      }
    }

    @Override
    public void ready() throws IOException {
      if (answer.hasRemaining()) {
        write();
      } else if (question.read(channel)) {
        stopClock();
        key.interestOps(0);
        if (!questions.ask(question.message(), true, this::reply)) {
          failed();
        }
      }
    }

    private void reply(ByteBuffer message) {
      if (!channel.isOpen()) {
        return;
      }
      startClock();
      answer = Frame.of(message);
      try {
        write();
      } catch (IOException gone) {
        failed();
      }
    }

    private void write() throws IOException {
      channel.write(answer);
      if (answer.hasRemaining()) {
        key.interestOps(SelectionKey.OP_WRITE);
        return;
      }
      startClock();
      question = new Frame(LARGEST_QUESTION);
      key.interestOps(SelectionKey.OP_READ);
    }

    private void startClock() {
      stopClock();
      deadline = loop.after(limits.idle(), this::failed);
    }

    private void stopClock() {
      if (deadline != null) {
        deadline.cancel();
      }
    }

    @Override
    public void failed() {
      stopClock();
      connections.remove(this);
      Loop.close(channel);
    }
  }
}

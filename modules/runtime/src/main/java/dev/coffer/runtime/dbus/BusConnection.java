package dev.coffer.runtime.dbus;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Poll;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A connection to a bus, or to one program that speaks as if it were one. For one thread.
 *
 * <pre>{@code
 * try (BusConnection bus = BusConnection.open(socket, patience, signal -> true)) {
 *   Message reply = bus.call(new MethodCall(…));
 *   Message signal = bus.await(each -> each.member().equals("JobRemoved"), patience);
 * }
 * }</pre>
 */
public final class BusConnection implements AutoCloseable {
  private static final String BUS = "org.freedesktop.DBus";
  private static final String BUS_PATH = "/org/freedesktop/DBus";
  private static final int LONGEST_LINE = 512;

  /** Signals that are kept for somebody who may ask for them later. */
  private static final int MOST_KEPT = 1_000;

  private final Fd socket;
  private final Duration patience;
  private final Predicate<Message> kept;
  private final Deque<Message> signals = new ArrayDeque<>();
  private long serial;

  private BusConnection(Fd socket, Duration patience, Predicate<Message> kept) {
    this.socket = socket;
    this.patience = patience;
    this.kept = kept;
  }

  /**
   * Introduces this process, whose uid the kernel tells the other end (Specification,
   * Authentication Protocol, EXTERNAL).
   *
   * @param socket connected; this owns it, also when this fails
   * @param patience how long an answer may take
   * @param kept which signals are of interest
   */
  public static BusConnection open(Fd socket, Duration patience, Predicate<Message> kept)
      throws IOException {
    BusConnection connection = new BusConnection(socket, patience, kept);
    try {
      connection.authenticate();
      return connection;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Which uid it is, the kernel says: the one that this process knows of itself is another in a
   * user namespace. So none is given, neither at first nor when it is asked for.
   *
   * <p>All of it goes in one piece: what reaches a manager of systemd together with the last line
   * would be looked at only when more comes. Whoever did not ask for the uid answers twice as well.
   */
  private void authenticate() throws IOException {
    long until = System.nanoTime() + patience.toNanos();
    write("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
    String first = line(until);
    boolean asks = first.equals("DATA") || first.startsWith("DATA ");
    String second = asks || isWelcome(first) ? line(until) : first;
    String answer = asks ? second : first;
    if (!isWelcome(answer)) {
      throw new IOException("the bus refuses this user (" + answer + ")");
    }
  }

  private static boolean isWelcome(String answer) {
    return answer.startsWith("OK ");
  }

  private void write(byte[] bytes) throws IOException {
    try {
      FileData.writeAll(socket, bytes);
    } catch (KernelException e) {
      throw new IOException("cannot write to the bus: " + KernelException.describe(e.number()), e);
    }
  }

  /** Single bytes, so that nothing is read of what comes after the line. */
  private String line(long until) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < LONGEST_LINE) {
      line.append((char) (read(1, until)[0] & 0x7f));
      if (line.toString().endsWith("\r\n")) {
        return line.substring(0, line.length() - 2);
      }
    }
    throw new MalformedMessageException("a line without an end");
  }

  /** Becomes known to a bus; who speaks to one program alone does without. */
  public void register() throws IOException {
    Message ignored = call(new MethodCall(BUS, BUS_PATH, BUS, "Hello", List.of()));
  }

  /**
   * Has a bus deliver signals.
   *
   * @param rule as in the Specification, Match Rules
   */
  public void match(String rule) throws IOException {
    Message ignored = call(new MethodCall(BUS, BUS_PATH, BUS, "AddMatch", List.of(Value.of(rule))));
  }

  /**
   * Calls a method and waits for its answer.
   *
   * @throws BusException where the answer is an error
   */
  public Message call(MethodCall call) throws IOException {
    long number = ++serial;
    write(MessageCodec.encode(call, number));
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      Message message = receive(until);
      switch (message.kind()) {
        case REPLY -> {
          if (message.replySerial() == number) {
            return message;
          }
        }
        case ERROR -> {
          if (message.replySerial() == number) {
            throw new BusException(message.errorName(), text(message));
          }
        }
        case SIGNAL -> keep(message);
        case CALL, UNKNOWN -> {}
      }
    }
  }

  /** What an error says beside its name, by convention the first value of its body. */
  private static String text(Message error) throws MalformedMessageException {
    return error.signature().startsWith("s") && error.values().getFirst() instanceof Value.Text text
        ? text.text().lines().findFirst().orElse("")
        : "";
  }

  private void keep(Message signal) {
    if (kept.test(signal)) {
      if (signals.size() == MOST_KEPT) {
        signals.removeFirst();
      }
      signals.addLast(signal);
    }
  }

  /**
   * Waits for a signal, which may have come already.
   *
   * @param limit how long it may take
   * @return empty when the time is over
   */
  public Optional<Message> await(Predicate<Message> wanted, Duration limit) throws IOException {
    long until = System.nanoTime() + limit.toNanos();
    while (true) {
      while (!signals.isEmpty()) {
        Message signal = signals.removeFirst();
        if (wanted.test(signal)) {
          return Optional.of(signal);
        }
      }
      if (!readable(until)) {
        return Optional.empty();
      }
      Message message = receive(System.nanoTime() + patience.toNanos());
      if (message.kind() == Message.Kind.SIGNAL) {
        keep(message);
      }
    }
  }

  private Message receive(long until) throws IOException {
    byte[] fixed = read(MessageCodec.FIXED_SIZE, until);
    int length = MessageCodec.length(fixed);
    byte[] whole = Arrays.copyOf(fixed, length);
    fill(whole, MessageCodec.FIXED_SIZE, until);
    return MessageCodec.decode(whole);
  }

  private byte[] read(int length, long until) throws IOException {
    byte[] bytes = new byte[length];
    fill(bytes, 0, until);
    return bytes;
  }

  private void fill(byte[] bytes, int from, long until) throws IOException {
    int at = from;
    while (at < bytes.length) {
      if (!readable(until)) {
        throw new IOException("no answer within " + patience.toSeconds() + " s");
      }
      int count = FileData.read(socket, bytes, at, bytes.length - at);
      if (count <= 0) {
        throw new EOFException("the bus has closed the connection");
      }
      at += count;
    }
  }

  private boolean readable(long until) throws KernelException {
    long left = until - System.nanoTime();
    return left > 0 && Poll.readable(socket, Duration.ofNanos(left));
  }

  @Override
  public void close() {
    socket.close();
  }
}

package dev.coffer.runtime.dbus;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The other end of a connection, as a test plays it: the handshake, then an answer to each call.
 */
public final class FakeBus implements AutoCloseable {
  private static final String WELCOME = "DATA\r\nOK 0123456789abcdef\r\n";

  private final UnixSocket.Pair ends;
  private final List<String> handshake = Collections.synchronizedList(new ArrayList<>());
  private final List<Message> calls = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;

  /** Answers with whole messages, which {@link #reply}, {@link #error} and {@link #signal} make. */
  public FakeBus(Function<Message, List<byte[]>> answers) throws IOException {
    this(WELCOME, answers);
  }

  FakeBus(String greeting, Function<Message, List<byte[]>> answers) throws IOException {
    ends = UnixSocket.pair(UnixSocket.STREAM);
    thread = Thread.ofPlatform().start(() -> serve(greeting, answers));
  }

  /** The client's end, which whoever speaks over it owns. */
  public Fd client() {
    return ends.first();
  }

  /** What was said before the first message. */
  List<String> handshake() {
    return List.copyOf(handshake);
  }

  public List<Message> calls() {
    return List.copyOf(calls);
  }

  private void serve(String greeting, Function<Message, List<byte[]>> answers) {
    try {
      for (String last = ""; !last.equals("BEGIN\r\n"); ) {
        last = line();
        handshake.add(last);
      }
      say(greeting);
      while (true) {
        byte[] fixed = read(new byte[MessageCodec.FIXED_SIZE], 0);
        byte[] whole = read(Arrays.copyOf(fixed, MessageCodec.length(fixed)), fixed.length);
        Message call = MessageCodec.decode(whole);
        calls.add(call);
        for (byte[] answer : answers.apply(call)) {
          FileData.writeAll(ends.second(), answer);
        }
      }
    } catch (IOException e) {
      // The client has left; what it was told is the test's business.
      hangUp(ends.second());
    }
  }

  private void say(String text) throws IOException {
    FileData.writeAll(ends.second(), text.getBytes(StandardCharsets.US_ASCII));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (!line.toString().endsWith("\r\n")) {
      line.append((char) read(new byte[1], 0)[0]);
    }
    return line.toString();
  }

  private byte[] read(byte[] into, int from) throws IOException {
    for (int at = from; at < into.length; ) {
      int count = FileData.read(ends.second(), into, at, into.length - at);
      if (count <= 0) {
        throw new IOException("end");
      }
      at += count;
    }
    return into;
  }

  public static byte[] reply(Message call, Value... values) {
    return message(
        Message.Kind.REPLY,
        List.of(field(HeaderField.REPLY_SERIAL, Value.uint32(call.serial()))),
        values);
  }

  public static byte[] error(Message call, String name, String text) {
    return message(
        Message.Kind.ERROR,
        List.of(
            field(HeaderField.REPLY_SERIAL, Value.uint32(call.serial())),
            field(HeaderField.ERROR_NAME, Value.of(name))),
        Value.of(text));
  }

  public static byte[] signal(String interfaceName, String member, Value... values) {
    return signalFrom("", interfaceName, member, values);
  }

  /** As if it came from somebody on the bus. */
  public static byte[] signalFrom(
      String sender, String interfaceName, String member, Value... values) {
    List<Value> fields =
        new ArrayList<>(
            List.of(
                field(HeaderField.PATH, new Value.ObjectPath("/object")),
                field(HeaderField.INTERFACE, Value.of(interfaceName)),
                field(HeaderField.MEMBER, Value.of(member))));
    if (!sender.isEmpty()) {
      fields.add(field(HeaderField.SENDER, Value.of(sender)));
    }
    return message(Message.Kind.SIGNAL, fields, values);
  }

  static Value field(HeaderField field, Value value) {
    return Value.struct(new Value.Whole(IntegerType.BYTE, field.code()), new Value.Variant(value));
  }

  static byte[] message(Message.Kind kind, List<Value> fields, Value... values) {
    List<Value> all = new ArrayList<>(fields);
    List<Value> body = List.of(values);
    if (!body.isEmpty()) {
      all.add(field(HeaderField.SIGNATURE, new Value.Types(Value.signatureOf(body))));
    }
    ValueWriter content = new ValueWriter();
    content.write(body);
    ValueWriter message = new ValueWriter();
    for (int octet : new int[] {'l', kind.code(), 1, 1}) {
      message.write(new Value.Whole(IntegerType.BYTE, octet));
    }
    message.write(Value.uint32(content.toBytes().length));
    message.write(Value.uint32(7));
    message.write(new Value.Sequence("(yv)", all));
    message.align(8);
    byte[] header = message.toBytes();
    byte[] whole = Arrays.copyOf(header, header.length + content.toBytes().length);
    System.arraycopy(content.toBytes(), 0, whole, header.length, content.toBytes().length);
    return whole;
  }

  /** Lets go of the client. */
  void hangUp() {
    hangUp(ends.second());
  }

  @Override
  public void close() {
    hangUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ends.close();
  }

  /** Wakes whoever reads. */
  private static void hangUp(Fd socket) {
    try {
      UnixSocket.shutdown(socket, UnixSocket.SHUT_BOTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.coffer.network.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Questions, and clients that ask them. */
final class Asking {
  private static final int PATIENCE_MILLIS = 10_000;

  private Asking() {}

  static Message question(String name, int type) throws IOException {
    return question(name, type, DClass.IN);
  }

  static Message question(String name, int type, int dclass) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, dclass));
  }

  /** With EDNS. */
  static Message question(String name, int type, OPTRecord options) throws IOException {
    Message question = question(name, type);
    question.addRecord(options, Section.ADDITIONAL);
    return question;
  }

  static List<String> data(Message answer) {
    return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }

  /** What a server of the world answers to whatever it is asked. */
  static Message answer(byte[] question, int rcode, String... addresses) throws IOException {
    Message asked = new Message(question);
    Message answer = new Message(asked.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(rcode);
    answer.addRecord(asked.getQuestion(), Section.QUESTION);
    for (String address : addresses) {
      byte[] data = InetAddress.ofLiteral(address).getAddress();
      Name name = asked.getQuestion().getName();
      answer.addRecord(Record.newRecord(name, Type.A, DClass.IN, 7, data), Section.ANSWER);
    }
    return answer;
  }

  static Message byUdp(int port, Message question) throws IOException {
    return new Message(byUdp(port, question.toWire()));
  }

  static byte[] byUdp(int port, byte[] question) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket answer = new DatagramPacket(new byte[0xffff], 0xffff);
      socket.receive(answer);
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  static Message byTcp(int port, Message question) throws IOException {
    try (Socket socket = connect(port)) {
      send(socket, question.toWire());
      return new Message(receive(socket));
    }
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  static void send(Socket socket, byte[] message) throws IOException {
    socket.getOutputStream().write(Frame.of(ByteBuffer.wrap(message)).array());
  }

  static byte[] receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return message;
  }
}

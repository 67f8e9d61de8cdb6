package dev.coffer.network.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of the world on a loopback port, which behaves as a test wants it to. */
final class FakeServer implements AutoCloseable {

  /** What it does with a question. */
  @FunctionalInterface
  interface Behaviour {
    void asked(byte[] question, Back back) throws IOException;
  }

  /** The way back to who asked. */
  interface Back {
    void send(byte[] message) throws IOException;

    /** From another port. */
    void sendFromElsewhere(byte[] message) throws IOException;

    boolean isTcp();
  }

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Behaviour behaviour;
  private final List<byte[]> questions = new CopyOnWriteArrayList<>();
  private final List<SocketAddress> clients = new CopyOnWriteArrayList<>();

  FakeServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    this.tcp = new ServerSocket(0, 50, loopback);
    this.udp = new DatagramSocket(tcp.getLocalPort(), loopback);
    Thread.ofVirtual().start(this::datagrams);
    Thread.ofVirtual().start(this::streams);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
  }

  /** What it was asked. */
  List<byte[]> questions() {
    return questions;
  }

  /** By whom. */
  List<SocketAddress> clients() {
    return clients;
  }

  private void datagrams() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[0xffff], 0xffff);
        udp.receive(packet);
        byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
        clients.add(packet.getSocketAddress());
        questions.add(question);
        behaviour.asked(question, new DatagramBack(udp, packet.getSocketAddress()));
      }
    } catch (IOException closed) {
      // As is expected of it at the end.
    }
  }

  private record DatagramBack(DatagramSocket socket, SocketAddress client) implements Back {
    @Override
    public void send(byte[] message) throws IOException {
      socket.send(new DatagramPacket(message, message.length, client));
    }

    @Override
    public void sendFromElsewhere(byte[] message) throws IOException {
      try (DatagramSocket other = new DatagramSocket()) {
        other.send(new DatagramPacket(message, message.length, client));
      }
    }

    @Override
    public boolean isTcp() {
      return false;
    }
  }

  private void streams() {
    try {
      while (true) {
        Socket client = tcp.accept();
        Thread.ofVirtual().start(() -> stream(client));
      }
    } catch (IOException closed) {
      // As is expected of it at the end.
    }
  }

  private void stream(Socket client) {
    try (client) {
      while (true) {
        byte[] question = Asking.receive(client);
        clients.add(client.getRemoteSocketAddress());
        questions.add(question);
        behaviour.asked(question, new StreamBack(client));
      }
    } catch (IOException closed) {
      // As is expected of it at the end.
    }
  }

  private record StreamBack(Socket client) implements Back {
    @Override
    public void send(byte[] message) throws IOException {
      Asking.send(client, message);
    }

    @Override
    public void sendFromElsewhere(byte[] message) {
      throw new UnsupportedOperationException("TCP");
    }

    @Override
    public boolean isTcp() {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}

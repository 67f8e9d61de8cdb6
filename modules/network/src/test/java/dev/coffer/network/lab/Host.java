package dev.coffer.network.lab;

import dev.coffer.kernel.Fd;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A network namespace that stands for a computer, or for a container. */
public record Host(NamespaceThread thread, Fd namespace) implements AutoCloseable {
  public static final String SILENCE = "silence";
  public static final String REFUSED = "refused";

  private static final int PATIENCE_MILLIS = 400;

  public static Host create(NamespaceThread thread) throws IOException {
    Host host = new Host(thread, thread.create());
    host.shell("ip link set lo up");
    return host;
  }

  /** The namespace as a path that {@code ip} takes. */
  public String path() {
    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.number();
  }

  /** Runs commands in it, and gives what they print. */
  public String shell(String script) throws IOException {
    Process process =
        new ProcessBuilder("nsenter", "--net=" + path(), "sh", "-ec", script)
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(script + ": " + output);
      }
      return output;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Answers each connection to a port with the address that it came from. */
  public AutoCloseable serveTcp(int port) throws IOException {
    ServerSocketChannel server = thread.in(namespace, ServerSocketChannel::open);
    server.bind(new InetSocketAddress(port), 64);
    return ending(server, Thread.ofVirtual().start(() -> accept(server)));
  }

  /** The port is free only when nobody waits at it any more. */
  private static AutoCloseable ending(Channel server, Thread waiting) {
    return () -> {
      server.close();
      waiting.join();
    };
  }

  private static void accept(ServerSocketChannel server) {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        InetSocketAddress from = (InetSocketAddress) client.getRemoteAddress();
        client.write(StandardCharsets.UTF_8.encode(Subnet.text(from.getAddress())));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** Answers each datagram to a port with the address that it came from. */
  public AutoCloseable serveUdp(InetSocketAddress address) throws IOException {
    DatagramChannel server = thread.in(namespace, DatagramChannel::open);
    server.bind(address);
    return ending(server, Thread.ofVirtual().start(() -> echo(server)));
  }

  private static void echo(DatagramChannel server) {
    ByteBuffer buffer = ByteBuffer.allocate(1500);
    while (server.isOpen()) {
      try {
        InetSocketAddress from = (InetSocketAddress) server.receive(buffer.clear());
        server.send(StandardCharsets.UTF_8.encode(Subnet.text(from.getAddress())), from);
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException unreachable) {
        // Who asked does not wait any more.
      }
    }
  }

  /** Connects, and gives the address that the server saw. */
  public String tcp(String address, int port) throws IOException {
    try (SocketChannel channel = thread.in(namespace, SocketChannel::open)) {
      channel.socket().connect(new InetSocketAddress(of(address), port), PATIENCE_MILLIS);
      channel.socket().setSoTimeout(PATIENCE_MILLIS);
      byte[] answer = channel.socket().getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.UTF_8);
    } catch (SocketTimeoutException e) {
      return SILENCE;
    } catch (ConnectException e) {
      return REFUSED;
    }
  }

  /** Sends a datagram, and gives the address that the server saw. */
  public String udp(String address, int port) throws IOException {
    try (DatagramChannel channel = udpClient(address, port)) {
      return ask(channel);
    }
  }

  public DatagramChannel udpClient(String address, int port) throws IOException {
    DatagramChannel channel = thread.in(namespace, DatagramChannel::open);
    return channel.connect(new InetSocketAddress(of(address), port));
  }

  public static String ask(DatagramChannel channel) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {'?'}));
    byte[] answer = new byte[100];
    DatagramPacket packet = new DatagramPacket(answer, answer.length);
    try {
      channel.socket().setSoTimeout(PATIENCE_MILLIS);
      channel.socket().receive(packet);
      return new String(answer, 0, packet.getLength(), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException e) {
      return SILENCE;
    } catch (IOException e) {
      return REFUSED;
    }
  }

  public static InetAddress of(String address) {
    return Subnet.parseAddress(address);
  }

  @Override
  public void close() {
    namespace.close();
  }
}

package dev.coffer.testkit.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on a loopback port that answers each connection with bytes that need not be HTTP. */
final class RawServer implements AutoCloseable {
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Answer answer = (request, out) -> {};

  /** Writes what is sent; the connection is closed behind it. */
  @FunctionalInterface
  interface Answer {
    void write(String request, OutputStream out) throws IOException, InterruptedException;
  }

  private RawServer(ServerSocket listener) {
    this.listener = listener;
  }

  static RawServer start() throws IOException {
    RawServer server = new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    server.threads.execute(server::accept);
    return server;
  }

  String domain() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  void answer(Answer with) {
    answer = with;
  }

  /** Answers everybody with a text. */
  void say(String text) {
    answer((request, out) -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      answer.write(head(client.getInputStream()), client.getOutputStream());
    } catch (IOException clientLeft) {
      // It had enough.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int octet = in.read();
      if (octet < 0) {
        break;
      }
      head.append((char) octet);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}

package dev.coffer.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections to a server that bring so many bytes in all, and then nothing until told to go on.
 */
final class StallingLine implements AutoCloseable {

  private static final int PIECE = 64 << 10;

  private final ServerSocket socket;
  private final int server;
  private final long limit;
  private final AtomicLong passed = new AtomicLong();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Collection<Socket> open = new ConcurrentLinkedQueue<>();

  /**
   * A line to a port of this host.
   *
   * @param limit how many bytes of answers come through before it stalls
   */
  StallingLine(int server, long limit) throws IOException {
    this.server = server;
    this.limit = limit;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = socket.accept();
        Socket called = new Socket(InetAddress.getLoopbackAddress(), server);
        open.add(caller);
        open.add(called);
        Thread.ofVirtual().start(() -> copy(caller, called, false));
        Thread.ofVirtual().start(() -> copy(called, caller, true));
      }
    } catch (IOException closed) {
      // By close().
    }
  }

  private void copy(Socket from, Socket to, boolean counted) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] piece = new byte[PIECE];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (counted && passed.get() >= limit) {
          release.await();
        }
        out.write(piece, 0, read);
        passed.addAndGet(counted ? read : 0);
      }
    } catch (IOException gone) {
      // One of the two has hung up; so do we.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What names of images at its other end begin with. */
  String domain() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Whether all has come that may come for now. */
  boolean isStalled() {
    return passed.get() >= limit;
  }

  /** How many bytes of answers have come so far. */
  long passed() {
    return passed.get();
  }

  /** Lets everything through from now on. */
  void release() {
    release.countDown();
  }

  @Override
  public void close() {
    release();
    try {
      socket.close();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

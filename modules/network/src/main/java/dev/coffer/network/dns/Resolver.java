package dev.coffer.network.dns;

import dev.coffer.kernel.Fd;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;

/**
 * The name server of all containers on user-defined networks. Each container has sockets of its own
 * at {@value #ADDRESS}, in its own network namespace, and by them the server knows who asks; what
 * that one may know is asked of its {@link Names}. All other names are forwarded, by sockets of the
 * engine's network.
 *
 * <p>One thread does it all, from the first container on. Any number of threads may call.
 */
public final class Resolver implements AutoCloseable {
  /** Where containers find it, as Docker's do. */
  public static final String ADDRESS = "127.0.0.11";

  private final Limits limits;
  private Forwarder forwarder;
  private boolean closed;

  /** Prepares a resolver; nothing is running yet. */
  public Resolver() {
    this(Limits.USUAL);
  }

  Resolver(Limits limits) {
    this.limits = limits;
  }

  /** A container that is served. */
  public interface Service extends AutoCloseable {
    /** The port at {@link #ADDRESS}, of UDP and of TCP. */
    int port();

    /**
     * Closes the sockets and forgets what is under way. Until then they keep the namespace alive.
     */
    @Override
    void close();
  }

  /**
   * Serves a container.
   *
   * @param threads opens the sockets
   * @param networkNamespace the container's; its loopback device is up
   * @param port the port at {@link #ADDRESS}, or 0 for one that is free
   * @param names what the container may know
   * @throws IOException when the port is taken
   */
  public Service serve(NamespaceThread threads, Fd networkNamespace, int port, Names names)
      throws IOException {
    InetAddress address = InetAddress.ofLiteral(ADDRESS);
    return serve(threads.in(networkNamespace, () -> Sockets.open(address, port)), names);
  }

  /** Serves whoever comes to sockets, which are closed with the service. */
  Service serve(Sockets sockets, Names names) throws IOException {
    try {
      Forwarder running = running();
      Clients clients = new Clients(running, sockets, names);
      if (!running.loop().run(clients::begin)) {
        throw closed();
      }
      return new Running(running.loop(), clients, sockets.port());
    } catch (IOException | RuntimeException e) {
      sockets.close();
      throw e;
    }
  }

  private record Running(Loop loop, Clients clients, int port) implements Service {
    @Override
    public void close() {
      Loop.close(() -> loop.run(clients::close));
    }
  }

  private synchronized Forwarder running() throws IOException {
    if (closed) {
      throw closed();
    }
    if (forwarder == null) {
      forwarder = new Forwarder(Loop.start(), limits);
      // It takes a while, which no container should wait for.
      Thread.ofPlatform().daemon().name("coffer-dns-warm").start(Answers::loadLibrary);
    }
    return forwarder;
  }

  private static IOException closed() {
    return new IOException("cannot serve names: the resolver is closed");
  }

  /** Closes all sockets and ends the thread. */
  @Override
  public synchronized void close() {
    closed = true;
    if (forwarder != null) {
      forwarder.loop().close();
    }
  }
}

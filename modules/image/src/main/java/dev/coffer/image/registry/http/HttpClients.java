package dev.coffer.image.registry.http;

import dev.coffer.image.registry.config.TlsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Clients that are kept with their connections, one for each way to prove oneself, to go through
 * proxies and to wait. A certificate's file that changes makes a new client.
 */
public final class HttpClients implements AutoCloseable {
  private final Path system;
  private final Map<Key, HttpClient> clients = new HashMap<>();
  private boolean closed;

  private record Key(
      TlsSettings tls, List<FileTime> stamps, ProxyChoice proxies, Duration connectTimeout) {}

  /**
   * No clients yet.
   *
   * @param system the root directory of the host's settings
   */
  public HttpClients(Path system) {
    this.system = system;
  }

  /** The client for a way to connect. */
  public synchronized HttpClient get(TlsSettings tls, ProxyChoice proxies, Duration connectTimeout)
      throws IOException {
    if (closed) {
      throw new IOException("the engine is closing");
    }
    Key key = new Key(tls, stamps(tls), proxies, connectTimeout);
    HttpClient client = clients.get(key);
    if (client == null) {
      SSLContext context = TlsMaterial.context(tls, system);
      client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(connectTimeout)
              .proxy(new Selector(proxies))
              .sslContext(context)
              .sslParameters(parameters(context))
              .build();
      clients.put(key, client);
    }
    return client;
  }

  /**
   * The engine's compiler has no instructions for AES: ChaCha20 is four times as fast there, and
   * not slower elsewhere. Servers that let the client choose, as Go's do, take the first.
   */
  private static SSLParameters parameters(SSLContext context) {
    SSLParameters parameters = context.getDefaultSSLParameters();
    String[] suites = parameters.getCipherSuites();
    Arrays.sort(suites, Comparator.comparing(suite -> !suite.contains("CHACHA20")));
    parameters.setCipherSuites(suites);
    return parameters;
  }

  private List<FileTime> stamps(TlsSettings tls) {
    List<FileTime> stamps = new ArrayList<>();
    Stream.of(
            tls.verify() ? SystemRoots.bundle(system).stream() : Stream.<Path>empty(),
            tls.authorities().stream(),
            tls.identities().stream().flatMap(it -> Stream.of(it.certificate(), it.key())))
        .flatMap(files -> files)
        .forEach(file -> stamps.add(stamp(file)));
    return List.copyOf(stamps);
  }

  private static FileTime stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Breaks off what is under way. */
  @Override
  public synchronized void close() {
    closed = true;
    clients.values().forEach(HttpClient::shutdownNow);
    clients.clear();
  }

  private static final class Selector extends ProxySelector {
    private final ProxyChoice choice;

    Selector(ProxyChoice choice) {
      this.choice = choice;
    }

    @Override
    public List<java.net.Proxy> select(URI uri) {
      try {
        Optional<ProxyChoice.Proxy> proxy = choice.to(uri);
        return proxy
            .map(
                to ->
                    List.of(
                        new java.net.Proxy(
                            java.net.Proxy.Type.HTTP,
                            InetSocketAddress.createUnresolved(to.host(), to.port()))))
            .orElse(List.of(java.net.Proxy.NO_PROXY));
      } catch (IOException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }
}

package dev.coffer.image.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server with a certificate that does with each caller what a test says. */
final class TlsServer implements AutoCloseable {

  /** What happens to a caller. */
  @FunctionalInterface
  interface Behaviour {
    void on(Socket caller) throws Exception;
  }

  private static final String PASSWORD = "secret";

  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final Collection<Socket> callers = new ConcurrentLinkedQueue<>();

  private TlsServer(ServerSocket socket, Behaviour behaviour) {
    this.socket = socket;
    this.behaviour = behaviour;
    Thread.ofVirtual().start(this::accept);
  }

  /** An authority: its key in {@code keys.p12}, its certificate as {@code ca.crt}. */
  static void authority(Path directory) throws Exception {
    keytool(directory, "-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c");
    String file = directory.resolve("ca.crt").toString();
    keytool(directory, "-exportcert", "-rfc", "-alias", "ca", "-file", file);
  }

  /**
   * A key with a certificate that the authority has signed.
   *
   * @param options more words for keytool about the certificate
   */
  static void certificate(Path directory, String alias, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-signer", "ca"));
    words.addAll(List.of("-dname", "CN=test"));
    words.addAll(List.of(options));
    keytool(directory, words.toArray(String[]::new));
  }

  private static void keytool(Path directory, String... words) throws Exception {
    String program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(words));
    command.addAll(
        List.of("-keystore", directory.resolve("keys.p12").toString(), "-storepass", PASSWORD));
    if (words[0].equals("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC"));
    }
    Path log = directory.resolve("keytool.log");
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(log)).isZero();
  }

  /**
   * Speaks TLS by one of the keys of a directory; of HTTP what is said, or what the caller likes.
   */
  static TlsServer start(Path directory, String alias, Behaviour behaviour, String... protocols)
      throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(directory.resolve("keys.p12"))) {
      keys.load(file, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    for (String other : Collections.list(keys.aliases())) {
      if (!other.equals(alias)) {
        keys.deleteEntry(other);
      }
    }
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    SSLServerSocket socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return new TlsServer(socket, behaviour);
  }

  /** Speaks what the test says, from the first byte. */
  static TlsServer bare(Behaviour behaviour) throws IOException {
    return new TlsServer(
        ServerSocketFactory.getDefault()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        behaviour);
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = socket.accept();
        callers.add(caller);
        Thread.ofVirtual().start(() -> serve(caller));
      }
    } catch (IOException closed) {
      // By close().
    }
  }

  private void serve(Socket caller) {
    try {
      if (caller instanceof SSLSocket encrypted) {
        encrypted.startHandshake();
      }
      behaviour.on(caller);
    } catch (Exception gone) {
      // The caller has had enough of us, which is what the test is about.
    }
  }

  /** Reads a request's head. */
  static void readHead(Socket caller) throws IOException {
    InputStream in = caller.getInputStream();
    int ends = 0;
    while (ends < 4) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the caller has hung up");
      }
      ends = c == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
    }
  }

  /** Answers something. */
  static void write(Socket caller, String text) throws IOException {
    caller.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    caller.getOutputStream().flush();
  }

  String domain() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** How many have come so far. */
  int callers() {
    return callers.size();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket caller : callers) {
      caller.close();
    }
  }
}

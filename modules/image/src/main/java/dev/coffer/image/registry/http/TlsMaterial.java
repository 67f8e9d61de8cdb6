package dev.coffer.image.registry.http;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.config.ConfigFile;
import dev.coffer.image.registry.config.TlsSettings;
import dev.coffer.image.registry.config.TlsSettings.Identity;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes what {@link TlsSettings} name into a context for connections. */
final class TlsMaterial {
  private static final char[] NO_PASSWORD = {};

  private TlsMaterial() {}

  /**
   * The context.
   *
   * @param system the root directory of the host's settings
   * @throws ImageException INVALID_REQUEST when a certificate or key is missing or malformed
   */
  static SSLContext context(TlsSettings settings, Path system) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(settings.identities()), trust(settings, system), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new ImageException(ImageException.Kind.HOST, "cannot set up TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trust(TlsSettings settings, Path system)
      throws IOException, GeneralSecurityException {
    if (!settings.verify()) {
      return new TrustManager[] {new Trusting()};
    }
    Optional<Path> bundle = SystemRoots.bundle(system);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (bundle.isEmpty() && settings.authorities().isEmpty()) {
      factory.init((KeyStore) null);
      return factory.getTrustManagers();
    }
    KeyStore store = emptyStore();
    if (bundle.isPresent()) {
      add(store, bundle.get().toString(), SystemRoots.read(bundle.get()));
    }
    for (Path file : settings.authorities()) {
      add(store, file.toString(), authorities(file));
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static void add(KeyStore store, String prefix, List<Certificate> certificates)
      throws GeneralSecurityException {
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry(prefix + "#" + i, certificates.get(i));
    }
  }

  private static List<Certificate> authorities(Path file) throws IOException {
    try {
      List<Certificate> certificates = PemFile.certificates(content(file, "authority"));
      if (certificates.isEmpty()) {
        throw unusable("authority", file, "there is no certificate in it");
      }
      return certificates;
    } catch (GeneralSecurityException e) {
      throw unusable("authority", file, e.getMessage());
    }
  }

  private static KeyManager[] keys(List<Identity> identities)
      throws IOException, GeneralSecurityException {
    if (identities.isEmpty()) {
      return new KeyManager[0];
    }
    KeyStore store = emptyStore();
    for (Identity identity : identities) {
      store.setKeyEntry(
          identity.certificate().toString(), key(identity.key()), NO_PASSWORD, chain(identity));
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static Certificate[] chain(Identity identity) throws IOException {
    return authorities(identity.certificate()).toArray(Certificate[]::new);
  }

  private static PrivateKey key(Path file) throws IOException {
    try {
      return PemFile.privateKey(content(file, "key"))
          .orElseThrow(() -> unusable("key", file, "there is no private key in it"));
    } catch (GeneralSecurityException e) {
      throw unusable("key", file, e.getMessage());
    }
  }

  private static byte[] content(Path file, String what) throws IOException {
    return ConfigFile.read(file).orElseThrow(() -> unusable(what, file, "no such file"));
  }

  private static ImageException unusable(String what, Path file, String reason) {
    return new ImageException(
        ImageException.Kind.INVALID_REQUEST,
        "cannot use TLS %s \"%s\": %s".formatted(what, file, reason));
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  /** For registries that need not prove themselves: being extended, it checks no host's name. */
  private static final class Trusting extends X509ExtendedTrustManager {
    private static final X509Certificate[] NOBODY = {};

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return NOBODY;
    }
  }
}

package dev.coffer.image.registry.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in the text form of RFC 7468. Keys may be in PKCS #8, or in the older forms
 * that OpenSSL wrote for RSA (PKCS #1) and elliptic curves (SEC 1).
 */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /** {@code INTEGER 0, SEQUENCE { rsaEncryption, NULL }}. */
  private static final byte[] RSA_HEADER =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  /** {@code INTEGER 0} and the object identifier id-ecPublicKey. */
  private static final byte[] VERSION = HexFormat.of().parseHex("020100");

  private static final byte[] EC_ALGORITHM = HexFormat.of().parseHex("06072a8648ce3d0201");

  private PemFile() {}

  /** All certificates of a file, in its order. */
  static List<Certificate> certificates(byte[] file) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      if (block.group(1).endsWith("CERTIFICATE")) {
        certificates.add(factory.generateCertificate(new ByteArrayInputStream(decode(block))));
      }
    }
    return certificates;
  }

  /** The first private key of a file. */
  static Optional<PrivateKey> privateKey(byte[] file) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return Optional.of(key(decode(block)));
        }
        case "RSA PRIVATE KEY" -> {
          return Optional.of(key(pkcs8(RSA_HEADER, decode(block))));
        }
        case "EC PRIVATE KEY" -> {
          return Optional.of(key(ofCurve(decode(block))));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new InvalidKeySpecException("the key is encrypted (decrypt it with openssl)");
        default -> {}
      }
    }
    return Optional.empty();
  }

  private static byte[] decode(Matcher block) throws InvalidKeySpecException {
    if (block.group(2).contains(":")) {
      throw new InvalidKeySpecException("the key is encrypted (decrypt it with openssl)");
    }
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("not base64", e);
    }
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // One of the others.
      }
    }
    throw new InvalidKeySpecException("neither an RSA, nor an EC, nor an Ed25519 key");
  }

  private static byte[] pkcs8(byte[] header, byte[] key) {
    return element(0x30, join(header, element(0x04, key)));
  }

  /**
   * RFC 5915: the curve stands in the key as {@code [0]}, behind the version and the octets; in
   * PKCS #8 it belongs into the algorithm.
   */
  private static byte[] ofCurve(byte[] sec1) throws InvalidKeySpecException {
    try {
      int at = content(sec1, 0);
      at = end(sec1, at);
      at = end(sec1, at);
      if (at < sec1.length && (sec1[at] & 0xff) == 0xa0) {
        byte[] curve = Arrays.copyOfRange(sec1, content(sec1, at), end(sec1, at));
        return pkcs8(join(VERSION, element(0x30, join(EC_ALGORITHM, curve))), sec1);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new InvalidKeySpecException("the EC key is cut off", e);
    }
    throw new InvalidKeySpecException("the EC key does not name its curve");
  }

  /** Where the content of the element at a place begins. */
  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int end(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = at + 2; i < content(der, at); i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    return content(der, at) + length;
  }

  private static byte[] element(int tag, byte[] content) {
    // DER wants the shortest form.
    int size = content.length;
    byte[] length =
        size < 0x80
            ? new byte[] {(byte) size}
            : size < 0x100
                ? new byte[] {(byte) 0x81, (byte) size}
                : new byte[] {(byte) 0x82, (byte) (size >> 8), (byte) size};
    return join(new byte[] {(byte) tag}, join(length, content));
  }

  private static byte[] join(byte[] some, byte[] others) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(some);
    joined.writeBytes(others);
    return joined.toByteArray();
  }
}

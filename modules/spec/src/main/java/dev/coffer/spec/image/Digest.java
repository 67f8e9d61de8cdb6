package dev.coffer.spec.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of a sequence of bytes: an algorithm and the hash in lower-case hexadecimal.
 *
 * <p>Source: OCI image-spec descriptor.md, "Digests". Both registered algorithms are supported.
 *
 * @param algorithm the hash function
 * @param hex the hash, 64 or 128 lower-case hexadecimal digits
 */
public record Digest(Algorithm algorithm, String hex) implements Comparable<Digest> {
  /** A hash function that a digest may use. */
  public enum Algorithm {
    SHA256("sha256", "SHA-256", 64),
    SHA512("sha512", "SHA-512", 128);

    private final String label;
    private final String javaName;
    private final int hexLength;

    Algorithm(String label, String javaName, int hexLength) {
      this.label = label;
      this.javaName = javaName;
      this.hexLength = hexLength;
    }

    /** The name in the digest's text, such as {@code sha256}. */
    public String label() {
      return label;
    }

    /** A new hasher of this kind; it may be used by one thread at a time. */
    public MessageDigest newHasher() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java runtime has " + javaName, e);
      }
    }

    /** The digest that a finished hasher of this kind has computed; the hasher is reset. */
    public Digest finish(MessageDigest hasher) {
      return new Digest(this, HexFormat.of().formatHex(hasher.digest()));
    }
  }

  public Digest {
    if (hex.length() != algorithm.hexLength || !isLowerHex(hex)) {
      throw new IllegalArgumentException(
          "invalid digest \"%s:%s\": %s takes %d lower-case hexadecimal digits"
              .formatted(algorithm.label, hex, algorithm.label, algorithm.hexLength));
    }
  }

  /**
   * Reads the text form, {@code sha256:…}.
   *
   * @throws IllegalArgumentException when it is malformed or of another algorithm
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    String label = colon < 0 ? "" : text.substring(0, colon);
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.label.equals(label)) {
        return new Digest(algorithm, text.substring(colon + 1));
      }
    }
    throw new IllegalArgumentException(
        "invalid digest \"" + text + "\": expected sha256:… or sha512:…");
  }

  /**
   * The digest of some hexadecimal digits, whose number tells the algorithm.
   *
   * @throws IllegalArgumentException when there is no such digest
   */
  public static Digest ofHex(String hex) {
    boolean long512 = hex.length() == Algorithm.SHA512.hexLength;
    return new Digest(long512 ? Algorithm.SHA512 : Algorithm.SHA256, hex);
  }

  /** The sha256 digest of some bytes. */
  public static Digest ofBytes(byte[] bytes) {
    return of(Algorithm.SHA256, bytes);
  }

  /** The digest of some bytes by the given function. */
  public static Digest of(Algorithm algorithm, byte[] bytes) {
    MessageDigest hasher = algorithm.newHasher();
    hasher.update(bytes);
    return algorithm.finish(hasher);
  }

  /** The first 12 digits, as Docker shows an id. */
  public String shortHex() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  /** The text form, {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm.label + ":" + hex;
  }

  private static boolean isLowerHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("0123456789abcdef".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}

package dev.coffer.cli.value;

import java.io.ByteArrayOutputStream;

/**
 * {@code --detach-keys ctrl-p,ctrl-q}: a comma-separated list of single characters and {@code
 * ctrl-X}, where X is a letter or one of {@code @ [ \ ] ^ _}.
 */
public final class DetachKeys {

  /** What detaches when nothing is said. */
  public static final String DEFAULT = "ctrl-p,ctrl-q";

  private static final String PREFIX = "ctrl-";

  private DetachKeys() {}

  /**
   * The bytes that the keys send.
   *
   * @throws IllegalArgumentException when a key is unknown
   */
  public static byte[] parse(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (text.isEmpty()) {
      return bytes.toByteArray();
    }
    for (String key : text.split(",", -1)) {
      bytes.write(code(key));
    }
    return bytes.toByteArray();
  }

  private static int code(String key) {
    if (key.length() == 1 && key.charAt(0) < 0x80) {
      return key.charAt(0);
    }
    if (key.startsWith(PREFIX) && key.length() == PREFIX.length() + 1) {
      char letter = Character.toUpperCase(key.charAt(PREFIX.length()));
      if (letter >= '@' && letter <= '_') {
        return letter - '@';
      }
    }
    throw new IllegalArgumentException("unknown character: '" + key + "'");
  }
}

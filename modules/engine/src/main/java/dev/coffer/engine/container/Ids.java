package dev.coffer.engine.container;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes the ids of containers, volumes and execs: 256 random bits as 64 hexadecimal digits. */
public final class Ids {

  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  /**
   * A new id. Its first twelve digits are never all decimal: a short id that looks like a number
   * cannot be told from one as a host name.
   */
  public String next() {
    byte[] bytes = new byte[BYTES];
    while (true) {
      random.nextBytes(bytes);
      String id = HexFormat.of().formatHex(bytes);
      if (!id.substring(0, 12).chars().allMatch(Character::isDigit)) {
        return id;
      }
    }
  }
}

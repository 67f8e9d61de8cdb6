package dev.coffer.network.driver;

import java.util.Locale;

/** Whether the host's own rules for packets that it receives decide who reaches published ports. */
public enum InputPolicy {
  /** They do. */
  ASK,

  /** They do not: a published port is open to everybody whom nothing else keeps away. */
  IGNORE;

  /** As users write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of a word.
   *
   * @throws IllegalArgumentException for another word
   */
  public static InputPolicy parse(String word) {
    for (InputPolicy each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("invalid input policy \"" + word + "\": ask or ignore");
  }
}

package dev.coffer.network.firewall;

import java.util.Locale;

/** A transport protocol that has ports, with its number in IP headers. */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** Its number (IANA, "Assigned Internet Protocol Numbers"). */
  public int number() {
    return number;
  }

  /** Its name as users write it, such as {@code tcp}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The protocol of a name. */
  public static Protocol parse(String word) {
    for (Protocol each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("invalid protocol \"" + word + "\": tcp, udp or sctp");
  }
}

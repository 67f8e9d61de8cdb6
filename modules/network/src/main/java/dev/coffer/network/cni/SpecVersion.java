package dev.coffer.network.cni;

import java.util.Optional;

/** A version of the Container Network Interface that is spoken here, in their order. */
public enum SpecVersion {
  /** The first one whose results are as they are today. */
  V0_3_0("0.3.0"),
  /** Corrects 0.3.0. */
  V0_3_1("0.3.1"),
  /** Has CHECK. */
  V0_4_0("0.4.0"),
  /** Has no word for the kind of an address, and no configurations without a list. */
  V1_0_0("1.0.0"),
  /** Has GC and STATUS. */
  V1_1_0("1.1.0");

  private final String word;

  SpecVersion(String word) {
    this.word = word;
  }

  /** As configurations say it, such as {@code 1.0.0}. */
  public String word() {
    return word;
  }

  /** The one of that word; empty when it is not spoken here. */
  public static Optional<SpecVersion> of(String word) {
    for (SpecVersion each : values()) {
      if (each.word.equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  boolean hasCheck() {
    return compareTo(V0_4_0) >= 0;
  }

  boolean hasGcAndStatus() {
    return compareTo(V1_1_0) >= 0;
  }
}

package dev.coffer.runtime.criu;

import java.util.Locale;
import java.util.Optional;

/** What criu does with the cgroups of what it restores (criu(8), {@code --manage-cgroups}). */
public enum CgroupsMode {
  /** They are of no account. */
  IGNORE(0),
  /** What is missing is made, with the properties that it had. */
  SOFT(3),
  /** Their properties are restored in any case. */
  FULL(4),
  /** All are made, and none may be there. */
  STRICT(5);

  private final int number;

  CgroupsMode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** Empty for a name that is none. */
  public static Optional<CgroupsMode> byName(String name) {
    for (CgroupsMode mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}

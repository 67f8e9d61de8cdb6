package dev.coffer.runtime.protocol;

import java.util.Optional;

/** A constant that travels as a number. */
public interface Numbered {
  /** The number on the wire. */
  int number();

  /** The constant of that number among these. */
  static <T extends Numbered> Optional<T> find(T[] constants, int number) {
    for (T constant : constants) {
      if (constant.number() == number) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}

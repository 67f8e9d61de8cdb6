package dev.coffer.spec.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Unmodifiable copies that keep the order, which {@code Map.copyOf} does not. */
final class Copies {
  private Copies() {}

  static <T> SequencedMap<String, T> of(Map<String, ? extends T> map) {
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
  }
}

package dev.coffer.spec.image;

import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Immutable copies with a stable order, so that what is written is reproducible. */
final class Ordered {
  private Ordered() {}

  static SortedSet<String> set(Set<String> values) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  static SequencedMap<String, String> map(Map<String, String> values) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}

package dev.coffer.runtime.cgroup;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A file of lines {@code key number}, as cgroups have many. */
record KeyedFile(Map<String, Long> values) {
  static KeyedFile parse(String text) {
    Map<String, Long> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (space > 0) {
        number(line.substring(space + 1))
            .ifPresent(value -> values.put(line.substring(0, space), value));
      }
    }
    return new KeyedFile(values);
  }

  Optional<Long> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  long orZero(String key) {
    return values.getOrDefault(key, 0L);
  }

  /** Empty for {@code max} and other words. */
  static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseUnsignedLong(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}

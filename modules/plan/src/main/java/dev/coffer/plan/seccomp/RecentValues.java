package dev.coffer.plan.seccomp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Keeps the values that were asked for last. Safe for many threads; two that ask for the same new
 * value at once may both make it.
 */
final class RecentValues<K, V> {
  private final int kept;
  private final Predicate<? super K> isLight;
  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Keeps nothing yet.
   *
   * @param isLight whether a key is small enough to be kept with its value
   */
  RecentValues(int kept, Predicate<? super K> isLight) {
    this.kept = kept;
    this.isLight = isLight;
  }

  V get(K key, Supplier<? extends V> make) {
    synchronized (values) {
      V known = values.get(key);
      if (known != null) {
        return known;
      }
    }
    V made = make.get();
    if (!isLight.test(key)) {
      return made;
    }
    synchronized (values) {
      values.put(key, made);
      while (values.size() > kept) {
        values.remove(values.keySet().iterator().next());
      }
    }
    return made;
  }
}

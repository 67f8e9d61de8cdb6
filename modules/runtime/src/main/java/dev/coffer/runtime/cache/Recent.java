package dev.coffer.runtime.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was made of the last few things that were asked for. For many threads; two that ask for the
 * same at the same time may both make it.
 */
public final class Recent<K, V> {
  private final int most;
  private final Map<K, V> known = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Keeps nothing yet.
   *
   * @param most how many are kept
   */
  public Recent(int most) {
    this.most = most;
  }

  /** Makes something. */
  public interface Maker<K, V, E extends Exception> {
    V make(K key) throws E;
  }

  /** What is made of the key, the same as the last time where that is still known. */
  public <E extends Exception> V get(K key, Maker<? super K, ? extends V, E> maker) throws E {
    Optional<V> found = find(key);
    return found.isPresent() ? found.get() : keep(key, maker.make(key));
  }

  private synchronized Optional<V> find(K key) {
    return Optional.ofNullable(known.get(key));
  }

  private synchronized V keep(K key, V made) {
    V replaced = known.put(key, made);
    if (replaced == null && known.size() > most) {
      known.remove(known.keySet().iterator().next());
    }
    return made;
  }
}

package dev.coffer.runtime.cache;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What was made of the last few things that were asked for. For many threads; two that ask for the
 * same at the same time may both make it.
 *
 * <p>What strangers ask for may be large, so that a number alone bounds nothing: all that is kept
 * together weighs no more than a limit, and what is heavier by itself is not kept.
 */
public final class Recent<K, V> {
  private final int most;
  private final long heaviest;
  private final Weigher<? super K, ? super V> weigher;
  private final SequencedMap<K, Kept<V>> known = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;

  private record Kept<V>(V value, long weight) {}

  /**
   * Keeps nothing yet.
   *
   * @param most how many are kept
   * @param heaviest what they may weigh together
   */
  public Recent(int most, long heaviest, Weigher<? super K, ? super V> weigher) {
    this.most = most;
    this.heaviest = heaviest;
    this.weigher = weigher;
  }

  /** Makes something. */
  public interface Maker<K, V, E extends Exception> {
    V make(K key) throws E;
  }

  /** What something weighs: about the bytes of the text that it comes from. */
  public interface Weigher<K, V> {
    long weigh(K key, V value);
  }

  /** What is made of the key, the same as the last time where that is still known. */
  public <E extends Exception> V get(K key, Maker<? super K, ? extends V, E> maker) throws E {
    Optional<V> found = find(key);
    return found.isPresent() ? found.get() : keep(key, maker.make(key));
  }

  private synchronized Optional<V> find(K key) {
    return Optional.ofNullable(known.get(key)).map(Kept::value);
  }

  private synchronized V keep(K key, V made) {
    long added = weigher.weigh(key, made);
    if (added > heaviest) {
      return made;
    }
    Kept<V> replaced = known.put(key, new Kept<>(made, added));
    weight += added - (replaced == null ? 0 : replaced.weight());
    while (known.size() > most || weight > heaviest) {
      weight -= known.pollFirstEntry().getValue().weight();
    }
    return made;
  }

  /** What all that is kept weighs. */
  synchronized long weight() {
    return weight;
  }
}

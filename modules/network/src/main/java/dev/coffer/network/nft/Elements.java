package dev.coffer.network.nft;

import dev.coffer.kernel.NetlinkReply.Attributes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Elements of sets and maps as the kernel tells them. */
final class Elements {
  private static final int KEY = 1;
  private static final int FLAGS = 3;
  private static final int INTERVAL_END = 1;

  private Elements() {}

  /**
   * In the order in which nft puts them in: intervals by where they begin, which some kernels want
   * that list them the other way round.
   */
  static List<Value> ascending(List<Value> elements) {
    return elements.stream().map(Keyed::of).sorted(Keyed.ORDER).map(Keyed::element).toList();
  }

  private record Keyed(Value element, Value key, boolean ends) {
    static final Comparator<Keyed> ORDER =
        Comparator.comparing(
                (Keyed each) -> each.key().bytes(), (one, two) -> Arrays.compareUnsigned(one, two))
            .thenComparing(each -> !each.ends());

    static Keyed of(Value element) {
      Attributes all = Attributes.of(element.bytes());
      boolean ends =
          all.networkInteger(FLAGS).filter(flags -> (flags & INTERVAL_END) != 0).isPresent();
      byte[] key = all.nested(KEY).bytes(1).orElse(new byte[0]);
      return new Keyed(element, Value.ofBytes(key), ends);
    }
  }
}

package dev.coffer.network.nft;

import java.util.Optional;

/**
 * A list of rules, which lets pass what none of them decides on.
 *
 * @param name its name in its table
 * @param hook where packets come into it; none when only other chains lead to it
 */
public record Chain(String name, Optional<Hook> hook) {
  /** One that packets come into. */
  public static Chain base(String name, Hook.Kind kind, Hook.Point point, int priority) {
    return new Chain(name, Optional.of(new Hook(kind, point, priority)));
  }

  /** One that rules of other chains lead to. */
  public static Chain named(String name) {
    return new Chain(name, Optional.empty());
  }
}

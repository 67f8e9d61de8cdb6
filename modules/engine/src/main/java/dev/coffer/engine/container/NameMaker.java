package dev.coffer.engine.container;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Makes up names for containers that were given none, such as {@code quiet_lantern}. */
public final class NameMaker {

  private static final List<String> ADJECTIVES =
      List.of(
          "agile",
          "amber",
          "ample",
          "airy",
          "bold",
          "brave",
          "breezy",
          "bright",
          "brisk",
          "calm",
          "candid",
          "careful",
          "cheery",
          "civil",
          "clear",
          "clever",
          "copper",
          "cosy",
          "crisp",
          "curious",
          "dapper",
          "daring",
          "deft",
          "eager",
          "early",
          "earnest",
          "easy",
          "even",
          "fair",
          "faithful",
          "fleet",
          "fluent",
          "fond",
          "free",
          "fresh",
          "gentle",
          "glad",
          "golden",
          "good",
          "grand",
          "green",
          "handy",
          "happy",
          "hardy",
          "hearty",
          "honest",
          "humble",
          "jolly",
          "just",
          "keen",
          "kind",
          "lively",
          "loyal",
          "lucid",
          "lucky",
          "mellow",
          "merry",
          "mild",
          "modest",
          "neat",
          "nimble",
          "noble",
          "patient",
          "plain",
          "polite",
          "proud",
          "prudent",
          "quick",
          "quiet",
          "rapid",
          "ready",
          "robust",
          "serene",
          "sharp",
          "silver",
          "sincere",
          "sleek",
          "smart",
          "smooth",
          "snug",
          "sober",
          "solid",
          "spry",
          "steady",
          "still",
          "sturdy",
          "sunny",
          "sure",
          "swift",
          "tidy",
          "trim",
          "true",
          "upbeat",
          "vivid",
          "warm",
          "wise",
          "witty",
          "zesty");

  private static final List<String> NOUNS =
      List.of(
          "acorn", "anchor", "anvil", "apple", "badger", "barrel", "basin", "beacon", "bell",
          "birch", "bison", "bobbin", "bridge", "brook", "cabin", "candle", "canyon", "casket",
          "cedar", "chest", "cliff", "clover", "comet", "compass", "coral", "cove", "crane",
          "cricket", "delta", "dune", "eagle", "ember", "falcon", "fern", "ferry", "finch", "fjord",
          "forge", "fox", "garden", "garnet", "geyser", "glacier", "grove", "harbor", "hare",
          "hawk", "hazel", "heron", "hill", "island", "ivy", "jetty", "kettle", "kiln", "lagoon",
          "lake", "lantern", "larch", "lark", "lever", "lichen", "lily", "locket", "loom", "lynx",
          "maple", "marsh", "meadow", "mill", "moss", "oak", "oasis", "orchard", "otter", "owl",
          "pebble", "pier", "pine", "plover", "plum", "pond", "prairie", "quarry", "quartz",
          "raven", "reef", "ridge", "river", "robin", "rowan", "saddle", "sparrow", "spruce",
          "stork", "stream", "summit", "thicket", "thistle", "tower", "trout", "valley", "walnut",
          "willow", "wren");

  private static final int PLAIN_TRIES = 6;
  private static final int NUMBERED_TRIES = 100;

  private final RandomGenerator random;

  /** Makes names from this source of chance. */
  public NameMaker(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Takes a name that nobody has.
   *
   * @param take takes a name and says whether that succeeded
   * @throws IllegalStateException when no try succeeds
   */
  public String take(Predicate<String> take) {
    for (int i = 0; i < PLAIN_TRIES + NUMBERED_TRIES; i++) {
      String name = pick(ADJECTIVES) + "_" + pick(NOUNS);
      String candidate = i < PLAIN_TRIES ? name : name + random.nextInt(10, 10_000);
      if (take.test(candidate)) {
        return candidate;
      }
    }
    throw new IllegalStateException("no free name found");
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}

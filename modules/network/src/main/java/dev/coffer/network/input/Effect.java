package dev.coffer.network.input;

import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Step;
import dev.coffer.network.nft.Step.Decided;
import java.util.List;
import java.util.Set;

/** What a step may do to a packet. What is not known may do anything. */
enum Effect {
  /** It looks, counts or tells. */
  NONE,

  /** It lets the packet pass its chain. */
  ACCEPTS,

  /** It leads to another chain, back, or leaves something behind that others ask for. */
  LEADS,

  /** It may drop the packet. */
  REFUSES;

  /** Targets of iptables that do no more than to tell of a packet. */
  private static final Set<String> TELLING = Set.of("LOG", "NFLOG");

  /** That of a step. */
  static Effect of(Step step) {
    return switch (step.kind()) {
      case "cmp",
          "range",
          "bitwise",
          "byteorder",
          "counter",
          "log",
          "limit",
          "quota",
          "connlimit" ->
          NONE;
      case "fib", "rt", "hash", "numgen", "socket", "osf", "xfrm", "last", "match" -> NONE;
      case "meta" -> unlessWrites(step, 3);
      case "ct" -> unlessWrites(step, 4);
      case "payload" -> unlessWrites(step, 5);
      case "exthdr" -> unlessWrites(step, 7);
      case "lookup" -> isVerdictLookup(step) ? REFUSES : NONE;
      case "target" -> TELLING.contains(step.attributes().text(1).orElse("")) ? NONE : REFUSES;
      case "dynset" -> LEADS;
      case "immediate" -> step.decides().map(Effect::of).orElse(NONE);
      default -> REFUSES;
    };
  }

  private static Effect unlessWrites(Step step, int source) {
    return step.attributes().bytes(source).isPresent() ? LEADS : NONE;
  }

  private static boolean isVerdictLookup(Step step) {
    Attributes all = step.attributes();
    return all.networkInteger(3).filter(register -> register == 0).isPresent();
  }

  private static Effect of(Decided verdict) {
    return switch (verdict.code()) {
      case Decided.ACCEPT -> ACCEPTS;
      case Decided.RETURN -> LEADS;
      default -> verdict.chain().isPresent() ? LEADS : REFUSES;
    };
  }

  /** The gravest of a rule's steps. */
  static Effect of(Listed.Rule rule) {
    return rule.steps().stream().map(Effect::of).max(Effect::compareTo).orElse(NONE);
  }

  /** Whether packets that come into rules leave them as if these were not there. */
  static boolean isNone(List<Listed.Rule> rules) {
    return rules.stream()
        .flatMap(rule -> rule.steps().stream())
        .allMatch(step -> changesNothing(step));
  }

  /** Whether a jump or a return is taken matters only where something else does. */
  private static boolean changesNothing(Step step) {
    return switch (of(step)) {
      case NONE, ACCEPTS -> true;
      case LEADS -> step.is("immediate");
      case REFUSES -> false;
    };
  }
}

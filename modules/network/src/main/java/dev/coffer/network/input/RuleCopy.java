package dev.coffer.network.input;

import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.network.nft.Expression;
import dev.coffer.network.nft.Expression.Reject;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Rule;
import dev.coffer.network.nft.Step;
import dev.coffer.network.nft.Step.Decided;
import dev.coffer.network.nft.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A rule as it stands in a copy. Its steps are the kernel's bytes, but for two: counters begin
 * anew, and iptables' REJECT, which may not stand where a copy is asked, becomes nf_tables' own.
 */
final class RuleCopy {

  /** ICMP codes of {@code enum ipt_reject_with}; -1 for what is no ICMP message. */
  private static final List<Integer> IPV4_CODES = List.of(0, 1, 2, 3, -1, 9, 10, -1, 13);

  private static final int IPV4_RESET = 7;

  /** ICMPv6 codes of {@code enum ip6t_reject_with}. */
  private static final List<Integer> IPV6_CODES = List.of(0, 1, 2, 3, 4, -1, -1, 5, 6);

  private static final int IPV6_RESET = 6;

  /** With this the kernel's names for chains begin that have none of their own. */
  private static final String NAMELESS = "__chain";

  private RuleCopy() {}

  static Rule of(Listed.Rule rule) {
    List<Expression> steps =
        rule.steps().stream().map(step -> copy(step, rule.table().family())).toList();
    return new Rule(chain(rule.chain()), rule.comment(), steps);
  }

  /** A chain's name: those that have none of their own may not be led to by the one they get. */
  static String chain(String name) {
    return name.startsWith(NAMELESS) ? "coffer-" + name.substring(2) : name;
  }

  /**
   * What stands instead of one that the kernel refuses. Nobody is let through that it may have
   * dropped: it drops all that comes to it, unless the worst that it does is to let something
   * through, which it then does not.
   */
  static Optional<Rule> ofRefused(Listed.Rule rule) {
    return switch (Effect.of(rule)) {
      case NONE, ACCEPTS -> Optional.empty();
      case LEADS, REFUSES ->
          Optional.of(
              new Rule(
                  chain(rule.chain()),
                  "instead of a rule that cannot be asked here",
                  List.of(new Expression.Counter(), new Expression.Decide(new Verdict.Drop()))));
    };
  }

  private static Expression copy(Step step, Family family) {
    if (step.is("counter")) {
      return new Expression.Counter();
    }
    return leadsToNameless(step).or(() -> reject(step, family)).orElse(new Expression.Copied(step));
  }

  private static Optional<Expression> leadsToNameless(Step step) {
    Optional<Decided> decided = step.decides();
    return decided
        .flatMap(Decided::chain)
        .filter(name -> name.startsWith(NAMELESS))
        .map(RuleCopy::chain)
        .map(
            name ->
                new Expression.Decide(
                    decided.orElseThrow().code() == Decided.GOTO
                        ? new Verdict.Goto(name)
                        : new Verdict.Jump(name)));
  }

  private static Optional<Expression> reject(Step step, Family family) {
    Attributes target = step.attributes();
    if (!step.is("target") || target.text(1).filter("REJECT"::equals).isEmpty()) {
      return Optional.empty();
    }
    return target
        .bytes(3)
        .filter(info -> info.length >= 4)
        .map(info -> ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt())
        .map(with -> reject(with, family == Family.IPV6));
  }

  private static Expression reject(int with, boolean six) {
    List<Integer> codes = six ? IPV6_CODES : IPV4_CODES;
    if (with == (six ? IPV6_RESET : IPV4_RESET)) {
      return new Reject(Reject.RESET, 0);
    }
    int code = with >= 0 && with < codes.size() ? codes.get(with) : -1;
    return code < 0
        ? new Expression.Decide(new Verdict.Drop())
        : new Reject(Reject.UNREACHABLE, code);
  }
}

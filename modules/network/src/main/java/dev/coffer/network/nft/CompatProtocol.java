package dev.coffer.network.nft;

import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply.Attributes;
import java.util.List;
import java.util.Optional;

/**
 * The protocol of a rule that iptables' own matches and targets are part of. Some of them are
 * refused unless the rule is for one protocol, which is said beside its steps; the kernel does not
 * tell it again, but the steps that iptables puts first look at nothing else.
 *
 * <p>Source: {@code nft_parse_compat} of net/netfilter/nft_compat.c.
 *
 * @param number of the protocol
 * @param excluded whether the rule is for all others
 */
record CompatProtocol(int number, boolean excluded) {
  private static final int PROTOCOL_KEY = 16;
  private static final int NETWORK_HEADER = 1;
  private static final int IPV4_PROTOCOL = 9;
  private static final int EQUAL = 0;
  private static final int INVERTED = 2;

  /** Empty for a rule without such matches and targets, and for one of any protocol. */
  static Optional<CompatProtocol> of(List<Expression> steps) {
    List<Step> copied =
        steps.stream()
            .flatMap(
                step ->
                    step instanceof Expression.Copied(Step each)
                        ? Optional.of(each).stream()
                        : Optional.<Step>empty().stream())
            .toList();
    if (copied.stream().noneMatch(step -> step.is("match") || step.is("target"))) {
      return Optional.empty();
    }
    for (int i = 0; i + 1 < copied.size(); i++) {
      if (loadsProtocol(copied.get(i)) && copied.get(i + 1).is("cmp")) {
        return of(copied.get(i + 1).attributes());
      }
    }
    return Optional.empty();
  }

  private static boolean loadsProtocol(Step step) {
    Attributes all = step.attributes();
    return switch (step.kind()) {
      case "meta" -> is(all, 2, PROTOCOL_KEY);
      case "payload" -> is(all, 2, NETWORK_HEADER) && is(all, 3, IPV4_PROTOCOL) && is(all, 4, 1);
      default -> false;
    };
  }

  private static boolean is(Attributes all, int number, int value) {
    return all.networkInteger(number).filter(is -> is == value).isPresent();
  }

  private static Optional<CompatProtocol> of(Attributes compare) {
    return compare
        .nested(3)
        .bytes(1)
        .filter(value -> value.length > 0)
        .map(value -> new CompatProtocol(value[0] & 0xff, !is(compare, 2, EQUAL)));
  }

  /** Writes it as the content of {@code NFTA_RULE_COMPAT}. */
  void writeTo(NetlinkMessage message) {
    message.putNetworkInt(1, number).putNetworkInt(2, excluded ? INVERTED : 0);
  }
}

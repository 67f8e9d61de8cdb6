package dev.coffer.network.nft;

import dev.coffer.kernel.NetlinkMessage;

/** What becomes of a packet. */
public sealed interface Verdict {

  /** This chain lets it pass; chains of others that come later may still drop it. */
  record Accept() implements Verdict {}

  /** It is gone. */
  record Drop() implements Verdict {}

  /**
   * Another chain is asked, and then the next rule.
   *
   * @param chain its name
   */
  record Jump(String chain) implements Verdict {}

  /**
   * Another chain is asked instead of the rest of this one.
   *
   * @param chain its name
   */
  record Goto(String chain) implements Verdict {}

  /** Writes it as {@code NFTA_DATA_VERDICT}. */
  default void writeTo(NetlinkMessage message) {
    message.nest(
        2,
        verdict -> {
          switch (this) {
            case Accept() -> verdict.putNetworkInt(1, 1);
            case Drop() -> verdict.putNetworkInt(1, 0);
            case Jump(String chain) -> verdict.putNetworkInt(1, -3).putText(2, chain);
            case Goto(String chain) -> verdict.putNetworkInt(1, -4).putText(2, chain);
          }
        });
  }
}

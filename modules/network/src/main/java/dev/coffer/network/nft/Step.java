package dev.coffer.network.nft;

import dev.coffer.kernel.NetlinkReply.Attributes;
import java.util.Optional;

/**
 * A step of a rule as the kernel tells it.
 *
 * @param kind the kernel's name of its kind, such as {@code immediate}
 * @param content what it consists of, in the kernel's bytes
 */
public record Step(String kind, Value content) {
  private static final int VERDICT = 2;

  static Step of(Attributes element) {
    return new Step(
        element.text(1).orElse("?"), Value.ofBytes(element.bytes(2).orElse(new byte[0])));
  }

  /** Whether it is of a kind. */
  public boolean is(String wanted) {
    return kind.equals(wanted);
  }

  /** What it consists of, by number. */
  public Attributes attributes() {
    return Attributes.of(content.bytes());
  }

  /** What it decides, where it decides the same of every packet. */
  public Optional<Decided> decides() {
    if (!is("immediate")) {
      return Optional.empty();
    }
    return decided(attributes().nested(2));
  }

  /** The set or map that it asks or changes. */
  public Optional<String> set() {
    return switch (kind) {
      case "lookup", "dynset" -> attributes().text(1);
      case "objref" -> attributes().text(4);
      default -> Optional.empty();
    };
  }

  static Attributes nested(Value bytes, int number) {
    return Attributes.of(bytes.bytes()).nested(number);
  }

  static Optional<Decided> decided(Attributes data) {
    Attributes verdict = data.nested(VERDICT);
    return verdict.networkInteger(1).map(code -> new Decided(code, verdict.text(2)));
  }

  /**
   * A verdict.
   *
   * @param code the kernel's number of it
   * @param chain the chain that it leads to
   */
  public record Decided(int code, Optional<String> chain) {
    public static final int DROP = 0;
    public static final int ACCEPT = 1;

    /** On in another chain, and then not back ({@code NFT_GOTO}). */
    public static final int GOTO = -4;

    /** Back to where this chain was led to from ({@code NFT_RETURN}). */
    public static final int RETURN = -5;
  }
}

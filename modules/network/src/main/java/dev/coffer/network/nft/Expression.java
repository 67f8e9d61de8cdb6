package dev.coffer.network.nft;

import dev.coffer.kernel.NetlinkMessage;

/**
 * One step of a rule: it loads something into registers, looks at what is there, or does something.
 * A step that does not match ends the rule. Registers are numbered here from 0 in units of four
 * bytes.
 */
public sealed interface Expression {
  /** The first of sixteen registers of four bytes ({@code NFT_REG32_00}). */
  int FIRST_REGISTER = 8;

  /** The register in which a verdict is put ({@code NFT_REG_VERDICT}). */
  int VERDICT_REGISTER = 0;

  /** Where in a packet an offset counts from. */
  enum Base {
    NETWORK(1),
    TRANSPORT(2);

    private final int number;

    Base(int number) {
      this.number = number;
    }
  }

  /** What the kernel knows of a packet beside its bytes. */
  enum MetaKey {
    INPUT_DEVICE(6),
    OUTPUT_DEVICE(7),
    FAMILY(15),
    PROTOCOL(16),
    INPUT_KIND(26),
    OUTPUT_KIND(27);

    private final int number;

    MetaKey(int number) {
      this.number = number;
    }

    /** The kernel's number ({@code NFT_META_*}). */
    public int number() {
      return number;
    }
  }

  /** What is known of the connection that a packet belongs to. */
  enum ConnectionKey {
    STATE(0),
    STATUS(2);

    private final int number;

    ConnectionKey(int number) {
      this.number = number;
    }
  }

  /** Loads bytes of the packet. */
  record Payload(Base base, int offset, int length, int into) implements Expression {}

  /**
   * Writes bytes into the packet, and mends the checksum.
   *
   * @param checksum where the transport's checksum is
   */
  record PayloadWrite(int offset, int length, int from, int checksum) implements Expression {}

  /** Loads what the kernel knows. */
  record Meta(MetaKey key, int into) implements Expression {}

  /** Loads what is known of the connection, as bits. */
  record Connection(ConnectionKey key, int into) implements Expression {}

  /** Loads the kind of the destination address, as the routes have it ({@code RTN_*}). */
  record DestinationKind(int into) implements Expression {}

  /** Loads a constant. */
  record Constant(Value value, int into) implements Expression {}

  /** Keeps only some bits. */
  record Mask(int register, Value mask) implements Expression {}

  /** Matches when a register is, or is not, a value. */
  record Compare(int register, boolean equal, Value value) implements Expression {}

  /** Matches when a key is, or is not, in a set. */
  record InSet(String set, int key, boolean in) implements Expression {}

  /** Matches when a key is in a map, and loads its value. */
  record MapLookup(String map, int key, int into) implements Expression {}

  /** Does what a map says of a key; goes on when it says nothing. */
  record VerdictLookup(String map, int key) implements Expression {}

  /** Gives the connection another destination. */
  record DestinationNat(Family family, int address, int port) implements Expression {}

  /** Gives the connection the source address of the device by which it leaves. */
  record Masquerade() implements Expression {}

  /** Counts, for who lists the rules. */
  record Counter() implements Expression {}

  /** Ends the rule with a verdict. */
  record Decide(Verdict verdict) implements Expression {}

  /**
   * Drops the packet and tells its sender.
   *
   * @param kind how ({@code NFT_REJECT_*})
   * @param code of the ICMP message
   */
  record Reject(int kind, int code) implements Expression {
    public static final int UNREACHABLE = 0;
    public static final int RESET = 1;
  }

  /** As another table has it. */
  record Copied(Step step) implements Expression {}

  /** Writes it as the content of an element of {@code NFTA_RULE_EXPRESSIONS}. */
  default void writeTo(NetlinkMessage message) {
    message.putText(1, name()).nest(2, this::writeContent);
  }

  /** The kernel's name of its kind. */
  private String name() {
    return switch (this) {
      case Payload _, PayloadWrite _ -> "payload";
      case Meta _ -> "meta";
      case Connection _ -> "ct";
      case DestinationKind _ -> "fib";
      case Constant _, Decide _ -> "immediate";
      case Mask _ -> "bitwise";
      case Compare _ -> "cmp";
      case InSet _, MapLookup _, VerdictLookup _ -> "lookup";
      case DestinationNat _ -> "nat";
      case Masquerade _ -> "masq";
      case Counter _ -> "counter";
      case Reject _ -> "reject";
      case Copied(Step step) -> step.kind();
    };
  }

  private void writeContent(NetlinkMessage to) {
    switch (this) {
      case Payload(Base base, int offset, int length, int into) ->
          register(to, 1, into)
              .putNetworkInt(2, base.number)
              .putNetworkInt(3, offset)
              .putNetworkInt(4, length);
      case PayloadWrite(int offset, int length, int from, int checksum) ->
          register(to, 5, from)
              .putNetworkInt(2, Base.TRANSPORT.number)
              .putNetworkInt(3, offset)
              .putNetworkInt(4, length)
              .putNetworkInt(6, 1)
              .putNetworkInt(7, checksum);
      case Meta(MetaKey key, int into) -> register(to, 1, into).putNetworkInt(2, key.number);
      case Connection(ConnectionKey key, int into) ->
          register(to, 1, into).putNetworkInt(2, key.number);
      case DestinationKind(int into) ->
          register(to, 1, into).putNetworkInt(2, 3).putNetworkInt(3, 2);
      case Constant(Value value, int into) -> data(register(to, 1, into), 2, value);
      case Mask(int register, Value mask) -> {
        register(register(to, 1, register), 2, register).putNetworkInt(3, mask.size());
        data(to, 4, mask);
        data(to, 5, Value.ofMask(0, mask.size()));
      }
      case Compare(int register, boolean equal, Value value) ->
          data(register(to, 1, register).putNetworkInt(2, equal ? 0 : 1), 3, value);
      case InSet(String set, int key, boolean in) ->
          register(to.putText(1, set), 2, key).putNetworkInt(5, in ? 0 : 1);
      case MapLookup(String map, int key, int into) ->
          register(register(to.putText(1, map), 2, key), 3, into);
      case VerdictLookup(String map, int key) ->
          register(to.putText(1, map), 2, key).putNetworkInt(3, VERDICT_REGISTER);
      case DestinationNat(Family family, int address, int port) ->
          register(
              register(to.putNetworkInt(1, 1).putNetworkInt(2, family.number()), 3, address),
              5,
              port);
      case Masquerade(), Counter() -> {}
      case Decide(Verdict verdict) ->
          to.putNetworkInt(1, VERDICT_REGISTER).nest(2, verdict::writeTo);
      case Reject(int kind, int code) -> to.putNetworkInt(1, kind).putByte(2, code);
      case Copied(Step step) -> to.fixed(step.content().bytes());
    }
  }

  private static NetlinkMessage register(NetlinkMessage to, int attribute, int register) {
    return to.putNetworkInt(attribute, FIRST_REGISTER + register);
  }

  private static NetlinkMessage data(NetlinkMessage to, int attribute, Value value) {
    return to.nest(attribute, data -> data.put(1, value.bytes()));
  }
}

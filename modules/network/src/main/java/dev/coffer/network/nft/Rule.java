package dev.coffer.network.nft;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.nft.Expression.Compare;
import dev.coffer.network.nft.Expression.ConnectionKey;
import dev.coffer.network.nft.Expression.MetaKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps that a packet goes through until one does not match.
 *
 * @param chain where it is, behind those that are there
 * @param comment what it is for, which {@code nft list} shows; may be empty
 * @param steps the steps
 */
public record Rule(String chain, String comment, List<Expression> steps) {
  /** {@code ct state invalid}. */
  public static final int INVALID = 1;

  /** {@code ct state new}. */
  public static final int NEW = 8;

  /** {@code ct state established,related}. */
  public static final int KNOWN = 2 | 4;

  private static final int DESTINATION_NAT = 1 << 5;
  private static final int LOCAL = 2;

  public Rule {
    steps = List.copyOf(steps);
  }

  /** Begins one. */
  public static Builder in(String chain, String comment) {
    return new Builder(chain, comment);
  }

  /** Puts one together step by step. */
  public static final class Builder {
    private final String chain;
    private final String comment;
    private final List<Expression> steps = new ArrayList<>();

    private Builder(String chain, String comment) {
      this.chain = chain;
      this.comment = comment;
    }

    private Builder add(Expression... more) {
      steps.addAll(List.of(more));
      return this;
    }

    /** Goes on with packets of a family. */
    public Builder family(Family family) {
      return add(
          new Expression.Meta(MetaKey.FAMILY, 0),
          new Compare(0, true, Value.ofByte(family.number())));
    }

    /** Goes on when a property has a value. */
    public Builder is(Field field, Value value) {
      return add(field.load(0), new Compare(0, true, value));
    }

    /** Goes on with packets of the subnet's family whose source lies in it. */
    public Builder from(Subnet subnet) {
      return within(subnet, Field.IPV4_SOURCE, Field.IPV6_SOURCE);
    }

    /** Goes on with packets of the subnet's family whose destination lies in it. */
    public Builder to(Subnet subnet) {
      return within(subnet, Field.IPV4_DESTINATION, Field.IPV6_DESTINATION);
    }

    private Builder within(Subnet subnet, Field ipv4, Field ipv6) {
      boolean six = subnet.isIpv6();
      family(six ? Family.IPV6 : Family.IPV4).add((six ? ipv6 : ipv4).load(0));
      int size = six ? 16 : 4;
      if (subnet.prefix() < size * 8) {
        add(new Expression.Mask(0, Value.ofMask(subnet.prefix(), size)));
      }
      return add(new Compare(0, true, Value.of(subnet.address())));
    }

    /** Goes on with packets to an address of this host. */
    public Builder toThisHost() {
      return add(new Expression.DestinationKind(0), new Compare(0, true, Value.ofInt(LOCAL)));
    }

    /** Goes on when the connection is in one of some states. */
    public Builder state(int states) {
      return bits(ConnectionKey.STATE, states);
    }

    /** Goes on with packets of connections whose destination was rewritten. */
    public Builder redirected() {
      return bits(ConnectionKey.STATUS, DESTINATION_NAT);
    }

    private Builder bits(ConnectionKey key, int bits) {
      return add(
          new Expression.Connection(key, 0),
          new Expression.Mask(0, Value.ofInt(bits)),
          new Compare(0, false, Value.ofInt(0)));
    }

    /** Goes on when properties are a key of a set. */
    public Builder in(String set, Field... fields) {
      return load(fields).add(new Expression.InSet(set, 0, true));
    }

    /** Goes on when properties are no key of a set. */
    public Builder notIn(String set, Field... fields) {
      return load(fields).add(new Expression.InSet(set, 0, false));
    }

    private Builder load(Field... fields) {
      int register = 0;
      for (Field field : fields) {
        add(field.load(register));
        register += field.registers();
      }
      return this;
    }

    /** Gives the destination that a map has for some properties; goes on when it has none. */
    public Rule redirect(Family family, String map, Field... fields) {
      int port = family == Family.IPV6 ? 4 : 1;
      return load(fields)
          .add(new Expression.MapLookup(map, 0, 0), new Expression.DestinationNat(family, 0, port))
          .rule();
    }

    /** Does what a map of verdicts says. */
    public Rule decide(String map, Field... fields) {
      return load(fields).add(new Expression.VerdictLookup(map, 0)).rule();
    }

    /** Gives the source address of the device by which it leaves. */
    public Rule masquerade() {
      return add(new Expression.Masquerade()).rule();
    }

    /** Writes a port into the packet itself. */
    public Rule write(PortField field, int port, int checksum) {
      return add(
              new Expression.Constant(Value.ofPort(port), 0),
              new Expression.PayloadWrite(field.offset(), 2, 0, checksum))
          .rule();
    }

    /** Has another chain asked, and then the next rule. */
    public Rule jump(String to) {
      return add(new Expression.Decide(new Verdict.Jump(to))).rule();
    }

    /** Lets it pass this chain. */
    public Rule accept() {
      return add(new Expression.Decide(new Verdict.Accept())).rule();
    }

    /** Drops it. */
    public Rule drop() {
      return add(new Expression.Decide(new Verdict.Drop())).rule();
    }

    private Rule rule() {
      return new Rule(chain, comment, steps);
    }
  }

  /** Ports of a transport header. */
  public enum PortField {
    SOURCE(0),
    DESTINATION(2);

    private final int offset;

    PortField(int offset) {
      this.offset = offset;
    }

    int offset() {
      return offset;
    }
  }
}

package dev.coffer.network.firewall;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.nft.Expression;
import dev.coffer.network.nft.Expression.MetaKey;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Rule;
import dev.coffer.network.nft.Transaction;
import dev.coffer.network.nft.Value;
import dev.coffer.network.nft.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The chains of others that have rules of ours: those that dockerd and ufw leave to users. Both
 * drop what is forwarded and not named there, so that without these rules no container of ours
 * would have a way out. They stand behind all that an administrator has put there, so who drops
 * something has it dropped, and they name devices alone. What comes in from dockerd's is our own
 * table's to say; ufw keeps its word about that, also where dockerd's chain is asked before its
 * own.
 *
 * <p>They are written as iptables writes its own, which must be able to read them: a table that it
 * cannot read is one that dockerd and ufw cannot use.
 *
 * <p>Source: docs.docker.com/engine/network/packet-filtering-firewalls, "Add iptables policies
 * before Docker's rules"; ufw-framework(8).
 */
final class UserChains {
  private static final String TABLE = "filter";

  /** A chain that others leave to users. */
  private enum Of {
    /** Asked first, whichever way a packet goes. */
    DOCKERD("DOCKER-USER", "DOCKER-USER", true),

    /** Where {@code ufw route} writes. */
    UFW("ufw-user-forward", "ufw6-user-forward", false);

    private final String ipv4;
    private final String ipv6;
    private final boolean comingIn;

    Of(String ipv4, String ipv6, boolean comingIn) {
      this.ipv4 = ipv4;
      this.ipv6 = ipv6;
      this.comingIn = comingIn;
    }

    /**
     * Whether what comes from, or goes to, a bridge is to pass.
     *
     * @param besideUfw whether ufw has a word, too, which an accept before it would take
     */
    boolean lets(MetaKey side, boolean besideUfw) {
      return side == MetaKey.INPUT_DEVICE || (comingIn && !besideUfw);
    }

    String chain(Family family) {
      return family == Family.IPV6 ? ipv6 : ipv4;
    }
  }

  /** The devices of the networks of all engines of a host, but for those that users name. */
  private static final List<String> USUAL = List.of("coffer*", "cf-*");

  private static final List<Family> FAMILIES = List.of(Family.IPV4, Family.IPV6);
  private static final int GET_CHAIN = 10 << 8 | 4;
  private static final int GET_RULE = 10 << 8 | 7;
  private static final int GET_TABLE = 10 << 8 | 1;
  private static final int HEADER = 4;
  private static final int ACCEPT = 1;
  private static final int RETURN = -5;
  private static final int TRIES = 3;

  private final NetlinkSocket socket;

  UserChains(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Packets that come or go by some devices. */
  private record Pass(MetaKey side, String devices) {
    boolean comesIn() {
      return side == MetaKey.OUTPUT_DEVICE;
    }

    Rule rule(String chain) {
      return new Rule(
          chain,
          "",
          List.of(
              new Expression.Meta(side, 0),
              new Expression.Compare(0, true, Value.ofDevices(devices)),
              new Expression.Counter(),
              new Expression.Decide(new Verdict.Accept())));
    }
  }

  /** A rule that is there; what of it concerns us. */
  private record Found(long number, Optional<Pass> pass, boolean returns) {}

  private interface Change {
    void apply(Of of, Family family, List<Found> present, Transaction to) throws KernelException;
  }

  /**
   * Whether what others have done was done to one of these chains.
   *
   * @param name the attribute that has the chain's name
   */
  static boolean isIn(NetlinkReply event, int name) {
    int number = event.fixed().get(0);
    Attributes attributes = event.attributes(HEADER);
    Optional<String> chain = attributes.text(name);
    return FAMILIES.stream()
        .filter(family -> family.number() == number)
        .flatMap(family -> Stream.of(Of.values()).map(of -> of.chain(family)))
        .anyMatch(
            ours ->
                chain.filter(ours::equals).isPresent()
                    && attributes.text(1).filter(TABLE::equals).isPresent());
  }

  /** Lets packets of bridges pass, where there are such chains. */
  void let(Collection<String> bridges) throws KernelException {
    Set<Pass> wanted = passes(bridges);
    change(
        (of, family, present, to) -> {
          String chain = of.chain(family);
          boolean besideUfw = isThere(family, Of.UFW.chain(family));
          Set<Pass> missing = new LinkedHashSet<>(wanted);
          missing.removeIf(pass -> !of.lets(pass.side(), besideUfw));
          if (of == Of.DOCKERD && besideUfw) {
            present.stream()
                .filter(
                    rule -> rule.pass().filter(Pass::comesIn).filter(wanted::contains).isPresent())
                .forEach(rule -> to.delete(chain, rule.number()));
          }
          present.forEach(rule -> rule.pass().ifPresent(missing::remove));
          // Where it ends with a rule that leaves it, nothing behind that is asked.
          Optional<Found> end =
              present.isEmpty()
                  ? Optional.empty()
                  : Optional.of(present.getLast()).filter(Found::returns);
          for (Pass pass : missing) {
            if (end.isPresent()) {
              to.insert(pass.rule(chain), end.get().number());
            } else {
              to.add(pass.rule(chain));
            }
          }
        });
  }

  /** A bridge is gone. */
  void forget(String bridge) throws KernelException {
    if (USUAL.stream().noneMatch(pattern -> matches(pattern, bridge))) {
      delete(sides(bridge));
    }
  }

  /** Takes the rules for bridges away, unless another engine of the host has some. */
  void leave(Collection<String> bridges) throws KernelException {
    Set<Pass> ours = passes(bridges);
    if (othersHaveTables()) {
      USUAL.forEach(pattern -> ours.removeAll(sides(pattern)));
    }
    delete(ours);
  }

  private static Set<Pass> passes(Collection<String> bridges) {
    Set<Pass> passes = new LinkedHashSet<>();
    USUAL.forEach(pattern -> passes.addAll(sides(pattern)));
    for (String bridge : bridges) {
      if (USUAL.stream().noneMatch(pattern -> matches(pattern, bridge))) {
        passes.addAll(sides(bridge));
      }
    }
    return passes;
  }

  private static boolean matches(String pattern, String bridge) {
    return bridge.startsWith(pattern.substring(0, pattern.length() - 1));
  }

  private static List<Pass> sides(String devices) {
    return List.of(
        new Pass(MetaKey.INPUT_DEVICE, devices), new Pass(MetaKey.OUTPUT_DEVICE, devices));
  }

  private boolean othersHaveTables() throws KernelException {
    NetlinkMessage all =
        NetlinkMessage.of(GET_TABLE, NetlinkMessage.DUMP)
            .fixed((byte) Family.INET.number(), (byte) 0, (byte) 0, (byte) 0);
    return socket.query("list tables", all).stream()
        .flatMap(table -> table.attributes(HEADER).text(1).stream())
        .anyMatch(name -> name.equals("coffer") || name.startsWith("coffer-"));
  }

  private void delete(Collection<Pass> passes) throws KernelException {
    change(
        (of, family, present, to) ->
            present.stream()
                .filter(rule -> rule.pass().filter(passes::contains).isPresent())
                .forEach(rule -> to.delete(of.chain(family), rule.number())));
  }

  private void change(Change change) throws KernelException {
    for (Of of : Of.values()) {
      for (Family family : FAMILIES) {
        change(of, family, change);
      }
    }
  }

  private void change(Of of, Family family, Change change) throws KernelException {
    String chain = of.chain(family);
    for (int attempt = 1; isThere(family, chain); attempt++) {
      Transaction to = new Transaction(family, TABLE);
      change.apply(of, family, rules(family, chain), to);
      try {
        to.commit(socket, "change chain \"" + chain + "\"");
        return;
      } catch (KernelException e) {
        // A rule that was there has gone meanwhile.
        if (!e.is(Errno.ENOENT) || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private boolean isThere(Family family, String chain) throws KernelException {
    try {
      NetlinkMessage one = in(family, GET_CHAIN, 0).putText(3, chain);
      return !socket.query("look for chain \"" + chain + "\"", one).isEmpty();
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private List<Found> rules(Family family, String chain) throws KernelException {
    List<Found> found = new ArrayList<>();
    NetlinkMessage all = in(family, GET_RULE, NetlinkMessage.DUMP).putText(2, chain);
    for (NetlinkReply each : socket.query("list chain \"" + chain + "\"", all)) {
      Attributes rule = each.attributes(HEADER);
      if (rule.text(2).filter(chain::equals).isPresent()) {
        found.add(found(rule));
      }
    }
    return found;
  }

  private static NetlinkMessage in(Family family, int type, int flags) {
    return NetlinkMessage.of(type, flags)
        .fixed((byte) family.number(), (byte) 0, (byte) 0, (byte) 0)
        .putText(1, TABLE);
  }

  private static Found found(Attributes rule) {
    List<Attributes> steps =
        rule.list(4).stream()
            .filter(step -> step.text(1).filter("counter"::equals).isEmpty())
            .toList();
    boolean returns = steps.size() == 1 && decides(steps.getFirst(), RETURN);
    return new Found(rule.networkLong(3).orElseThrow(), pass(steps), returns);
  }

  private static Optional<Pass> pass(List<Attributes> steps) {
    if (steps.size() != 3 || !decides(steps.get(2), ACCEPT)) {
      return Optional.empty();
    }
    Optional<MetaKey> side = side(steps.getFirst());
    Optional<String> devices = devices(steps.get(1));
    return side.isPresent() && devices.isPresent()
        ? Optional.of(new Pass(side.get(), devices.get()))
        : Optional.empty();
  }

  private static boolean decides(Attributes step, int verdict) {
    return step.text(1).filter("immediate"::equals).isPresent()
        && step.nested(2)
            .nested(2)
            .nested(2)
            .networkInteger(1)
            .filter(code -> code == verdict)
            .isPresent();
  }

  private static Optional<MetaKey> side(Attributes step) {
    if (step.text(1).filter("meta"::equals).isEmpty()) {
      return Optional.empty();
    }
    Optional<Integer> key = step.nested(2).networkInteger(2);
    return Stream.of(MetaKey.INPUT_DEVICE, MetaKey.OUTPUT_DEVICE)
        .filter(side -> key.filter(number -> number == side.number()).isPresent())
        .findFirst();
  }

  private static Optional<String> devices(Attributes step) {
    Attributes compare = step.nested(2);
    boolean equal = compare.networkInteger(2).filter(operator -> operator == 0).isPresent();
    if (!equal || step.text(1).filter("cmp"::equals).isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> value = compare.nested(3).bytes(1);
    return value.map(
        bytes -> {
          boolean whole = bytes.length > 0 && bytes[bytes.length - 1] == 0;
          String text = compare.nested(3).text(1).orElseThrow();
          return whole ? text : text + "*";
        });
  }
}

package dev.coffer.network.firewall;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.network.input.InputMirror;
import dev.coffer.network.nft.Commits;
import dev.coffer.network.nft.Expression;
import dev.coffer.network.nft.Expression.MetaKey;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Listing;
import dev.coffer.network.nft.Rule;
import dev.coffer.network.nft.Step;
import dev.coffer.network.nft.Step.Decided;
import dev.coffer.network.nft.TableName;
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
 * something has it dropped, and they name devices alone. What comes in is our own table's to say,
 * and the host's rules for what it receives, which are asked before. Where dockerd's chain is asked
 * before ufw's, it lets nothing in, so that {@code ufw route} keeps its word.
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
    DOCKERD("DOCKER-USER", "DOCKER-USER"),

    /** Where {@code ufw route} writes. */
    UFW("ufw-user-forward", "ufw6-user-forward");

    private final String ipv4;
    private final String ipv6;

    Of(String ipv4, String ipv6) {
      this.ipv4 = ipv4;
      this.ipv6 = ipv6;
    }

    String chain(Family family) {
      return family == Family.IPV6 ? ipv6 : ipv4;
    }
  }

  /** The devices of the networks of all engines of a host, but for those that users name. */
  private static final List<String> USUAL = List.of("coffer*", "cf-*");

  private static final List<Family> FAMILIES = List.of(Family.IPV4, Family.IPV6);
  private static final int HEADER = 4;
  private static final int TRIES = 3;

  private final Listing listing;
  private final Commits commits;

  UserChains(Listing listing, Commits commits) {
    this.listing = listing;
    this.commits = commits;
  }

  /** One of these chains that is there. */
  private record Place(Of of, Family family) {
    TableName table() {
      return new TableName(family, TABLE);
    }

    String chain() {
      return of.chain(family);
    }
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
    void apply(Place place, List<Found> present, Transaction to);
  }

  /**
   * Whether what others have done was done to one of these chains.
   *
   * @param changed the table in which it was done
   * @param name the attribute that has the chain's name
   */
  static boolean isIn(TableName changed, NetlinkReply event, int name) {
    if (!changed.name().equals(TABLE)) {
      return false;
    }
    Optional<String> chain = event.attributes(HEADER).text(name);
    return places().stream()
        .filter(place -> place.table().equals(changed))
        .anyMatch(place -> chain.filter(place.chain()::equals).isPresent());
  }

  private static List<Place> places() {
    return Stream.of(Of.values())
        .flatMap(of -> FAMILIES.stream().map(family -> new Place(of, family)))
        .toList();
  }

  private List<Place> present() throws KernelException {
    List<Place> present = new ArrayList<>();
    for (Place place : places()) {
      if (listing.hasChain(place.table(), place.chain())) {
        present.add(place);
      }
    }
    return present;
  }

  /** Lets packets of bridges pass, where there are such chains. */
  void let(Collection<String> bridges) throws KernelException {
    Set<Pass> wanted = passes(bridges);
    List<Place> there = present();
    change(
        there,
        (place, present, to) -> {
          boolean besideUfw =
              place.of() == Of.DOCKERD && there.contains(new Place(Of.UFW, place.family()));
          Set<Pass> missing = new LinkedHashSet<>(wanted);
          if (besideUfw) {
            missing.removeIf(Pass::comesIn);
            present.stream()
                .filter(
                    rule -> rule.pass().filter(Pass::comesIn).filter(wanted::contains).isPresent())
                .forEach(rule -> to.delete(place.chain(), rule.number()));
          }
          // Where it ends with a rule that leaves it, nothing behind that is asked.
          Optional<Found> end =
              present.isEmpty()
                  ? Optional.empty()
                  : Optional.of(present.getLast()).filter(Found::returns);
          int behind = behindOthers(present);
          for (int i = 0; i < present.size(); i++) {
            Optional<Pass> ours = present.get(i).pass().filter(missing::contains);
            if (ours.isPresent() && i < behind) {
              to.delete(place.chain(), present.get(i).number());
            } else {
              ours.ifPresent(missing::remove);
            }
          }
          for (Pass pass : missing) {
            if (end.isPresent()) {
              to.insert(pass.rule(place.chain()), end.get().number());
            } else {
              to.add(pass.rule(place.chain()));
            }
          }
        });
  }

  /** Where rules end that others may drop something by, and that may have come after ours. */
  private static int behindOthers(List<Found> present) {
    int behind = 0;
    for (int i = 0; i < present.size(); i++) {
      boolean leaves = i == present.size() - 1 && present.get(i).returns();
      if (present.get(i).pass().isEmpty() && !leaves) {
        behind = i + 1;
      }
    }
    return behind;
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
    return listing.tables().stream()
        .map(Listed.Table::table)
        .filter(table -> table.family() == Family.INET && !InputMirror.isCopy(table.name()))
        .anyMatch(table -> table.name().equals("coffer") || table.name().startsWith("coffer-"));
  }

  private void delete(Collection<Pass> passes) throws KernelException {
    change(
        present(),
        (place, present, to) ->
            present.stream()
                .filter(rule -> rule.pass().filter(passes::contains).isPresent())
                .forEach(rule -> to.delete(place.chain(), rule.number())));
  }

  private void change(List<Place> places, Change change) throws KernelException {
    for (Place place : places) {
      change(place, change);
    }
  }

  private void change(Place place, Change change) throws KernelException {
    for (int attempt = 1; ; attempt++) {
      Transaction to = new Transaction(place.table());
      List<Found> present =
          listing.rules(place.table(), place.chain()).stream().map(UserChains::found).toList();
      change.apply(place, present, to);
      try {
        commits.commit(to, "change chain \"" + place.chain() + "\"");
        return;
      } catch (KernelException e) {
        if (!e.is(Errno.ENOENT) || attempt == TRIES) {
          throw e;
        }
        // A rule that was there has gone meanwhile, or the chain with all of them.
        if (!listing.hasChain(place.table(), place.chain())) {
          return;
        }
      }
    }
  }

  private static Found found(Listed.Rule rule) {
    List<Step> steps = rule.steps().stream().filter(step -> !step.is("counter")).toList();
    boolean returns = steps.size() == 1 && decides(steps.getFirst(), Decided.RETURN);
    return new Found(rule.number(), pass(steps), returns);
  }

  private static Optional<Pass> pass(List<Step> steps) {
    if (steps.size() != 3 || !decides(steps.get(2), Decided.ACCEPT)) {
      return Optional.empty();
    }
    Optional<MetaKey> side = side(steps.getFirst());
    Optional<String> devices = devices(steps.get(1));
    return side.isPresent() && devices.isPresent()
        ? Optional.of(new Pass(side.get(), devices.get()))
        : Optional.empty();
  }

  private static boolean decides(Step step, int verdict) {
    return step.decides().filter(decided -> decided.code() == verdict).isPresent();
  }

  private static Optional<MetaKey> side(Step step) {
    if (!step.is("meta")) {
      return Optional.empty();
    }
    Optional<Integer> key = step.attributes().networkInteger(2);
    return Stream.of(MetaKey.INPUT_DEVICE, MetaKey.OUTPUT_DEVICE)
        .filter(side -> key.filter(number -> number == side.number()).isPresent())
        .findFirst();
  }

  private static Optional<String> devices(Step step) {
    Attributes compare = step.attributes();
    boolean equal = compare.networkInteger(2).filter(operator -> operator == 0).isPresent();
    if (!equal || !step.is("cmp")) {
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

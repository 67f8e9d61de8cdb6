package dev.coffer.network.input;

import dev.coffer.network.input.HostInput.Source;
import dev.coffer.network.nft.Chain;
import dev.coffer.network.nft.DataType;
import dev.coffer.network.nft.Element;
import dev.coffer.network.nft.Field;
import dev.coffer.network.nft.Hook.Kind;
import dev.coffer.network.nft.Hook.Point;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.NamedSet;
import dev.coffer.network.nft.Rule;
import dev.coffer.network.nft.TableName;
import dev.coffer.network.nft.Transaction;
import dev.coffer.network.nft.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tables of ours that say of packets for published ports what tables of others say of packets that
 * the host receives. Each is a copy of one of theirs, with the same names in it, so that its rules
 * need no change. Packets come into it by a gate: a chain that is asked before destinations are
 * rewritten, when they still look like packets for the host itself. It lets pass what opens no
 * connection to a published port, and has the rest asked.
 *
 * <p>Nowhere is there a policy to drop, but a rule at the end: what rules say changes with a
 * transaction, and no packet finds half of it, while chains come and go in its course.
 */
final class Copy {
  /** Devices of which nothing is asked. */
  private static final String TRUSTED = "coffer-trusted";

  /** Ports of which is asked. */
  private static final String PORTS = "coffer-ports";

  private static final String GATE = "coffer-gate-";
  private static final String LOOPBACK = "lo";

  /** Behind what marks packets (-150), and before destinations are rewritten (-100). */
  private static final int FIRST_PRIORITY = -149;

  private static final int LAST_PRIORITY = -101;

  private final String prefix;
  private final Refusals refusals;
  private final Transaction all;
  private final Map<Integer, Listed.Rule> rules = new TreeMap<>();
  private final TreeMap<Integer, TableName> tables = new TreeMap<>();

  private Copy(String prefix, Refusals refusals, Transaction all) {
    this.prefix = prefix;
    this.refusals = refusals;
    this.all = all;
  }

  /**
   * All that there is to say.
   *
   * @param prefix with which names of our tables begin
   * @param stale tables of ours that are to be gone; those that are to be there are made anew
   */
  static Copy of(
      HostInput input, String prefix, Gate gate, Refusals refusals, Collection<TableName> stale) {
    Transaction all = Transaction.ofTables();
    stale.forEach(table -> all.and(new Transaction(table).addTable().deleteTable()));
    Copy copy = new Copy(prefix, refusals, all);
    List<Listed.Chain> order =
        input.sources().stream()
            .flatMap(source -> source.bases().stream())
            .sorted(
                Comparator.comparingInt(
                    (Listed.Chain base) -> base.base().orElseThrow().priority()))
            .toList();
    input.sources().forEach(source -> copy.add(source, gate, order));
    return copy;
  }

  static TableName name(String prefix, TableName source) {
    return new TableName(source.family(), prefix + source.name());
  }

  Transaction transaction() {
    return all;
  }

  /** The rule that a change of the transaction copies. */
  Optional<Listed.Rule> rule(int change) {
    return Optional.ofNullable(rules.get(change));
  }

  /** The table that a change of the transaction copies something of. */
  Optional<TableName> table(int change) {
    return Optional.ofNullable(tables.floorEntry(change)).map(Map.Entry::getValue);
  }

  private void add(Source source, Gate gate, List<Listed.Chain> order) {
    tables.put(all.size(), source.table());
    TableName name = name(prefix, source.table());
    all.and(new Transaction(name).addTable().deleteTable());
    Transaction to = new Transaction(name).addTable();
    gates(gate, to);
    int from = all.size();
    boolean closed = refusals.has(source.table());
    if (!closed) {
      source.named().forEach(to::copy);
      source.collections().forEach(to::copy);
      source.chains().forEach(chain -> to.add(Chain.named(RuleCopy.chain(chain))));
      source.collections().forEach(to::copyElements);
    }
    for (Listed.Chain base : source.bases()) {
      int rank = order.size() - 1 - order.indexOf(base);
      gate(base, Math.max(FIRST_PRIORITY, LAST_PRIORITY - rank), closed, to);
    }
    if (!closed) {
      for (Listed.Rule rule : source.rules()) {
        Optional<Rule> copy =
            refusals.has(rule) ? RuleCopy.ofRefused(rule) : Optional.of(RuleCopy.of(rule));
        if (copy.isPresent()) {
          rules.put(from + to.size(), rule);
          to.add(copy.get());
        }
      }
    }
    all.and(to);
  }

  private static void gates(Gate gate, Transaction to) {
    to.add(new NamedSet(TRUSTED, List.of(DataType.DEVICE_NAME), new NamedSet.Keys()));
    to.add(new NamedSet(PORTS, List.of(DataType.PROTOCOL, DataType.PORT), new NamedSet.Keys()));
    List<String> trusted = new ArrayList<>(gate.trusted());
    trusted.add(LOOPBACK);
    to.add(TRUSTED, devices(trusted));
    to.add(PORTS, ports(gate.ports()));
  }

  private static void gate(Listed.Chain base, int priority, boolean closed, Transaction to) {
    String gate = GATE + base.name();
    to.add(Chain.base(gate, Kind.FILTER, Point.PREROUTING, priority));
    if (!closed) {
      to.add(concerned(gate, "published ports").jump(base.name()));
    }
    if (closed || base.base().orElseThrow().drops()) {
      String why = closed ? "what cannot be asked here" : "the policy";
      to.add(concerned(gate, why).drop());
    }
  }

  private static Rule.Builder concerned(String gate, String comment) {
    return Rule.in(gate, comment)
        .state(Rule.NEW)
        .notIn(TRUSTED, Field.INPUT_DEVICE)
        .toThisHost()
        .in(PORTS, Field.PROTOCOL, Field.DESTINATION_PORT);
  }

  /** Opens gates further, or less far, in a table that there is. */
  static Transaction change(TableName table, Gate from, Gate to) {
    Transaction change = new Transaction(table);
    change.delete(PORTS, ports(without(from.ports(), to.ports())));
    change.add(PORTS, ports(without(to.ports(), from.ports())));
    change.delete(TRUSTED, devices(without(from.trusted(), to.trusted())));
    change.add(TRUSTED, devices(without(to.trusted(), from.trusted())));
    return change;
  }

  private static <T> List<T> without(Collection<T> all, Collection<T> some) {
    return all.stream().filter(each -> !some.contains(each)).toList();
  }

  private static List<Element> devices(Collection<String> devices) {
    return devices.stream().<Element>map(each -> new Element.Member(Value.ofDevice(each))).toList();
  }

  private static List<Element> ports(Collection<Gate.Port> ports) {
    return ports.stream()
        .<Element>map(
            port ->
                new Element.Member(
                    Value.join(Value.ofByte(port.protocol()), Value.ofPort(port.number()))))
        .toList();
  }
}

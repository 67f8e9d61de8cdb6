package dev.coffer.network.nft;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.nft.Listed.Base;
import dev.coffer.network.nft.Step.Decided;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Reads what there is in nf_tables. Any number of threads may call. */
public final class Listing {
  private static final int SUBSYSTEM = 10 << 8;
  private static final int GET_TABLE = SUBSYSTEM | 1;
  private static final int GET_CHAIN = SUBSYSTEM | 4;
  private static final int GET_RULE = SUBSYSTEM | 7;
  private static final int GET_SET = SUBSYSTEM | 10;
  private static final int GET_ELEMENT = SUBSYSTEM | 13;
  private static final int GET_GENERATION = SUBSYSTEM | 16;
  private static final int GET_OBJECT = SUBSYSTEM | 19;
  private static final int HEADER = 4;
  private static final int DORMANT = 1;

  /** Table, number, kind and count of elements; what is empty. */
  private static final Set<Integer> OF_KERNEL_IN_SETS = Set.of(1, 14, 16, 19, 20);

  /** Table, count of uses, number; what is empty. */
  private static final Set<Integer> OF_KERNEL_IN_NAMED = Set.of(1, 5, 6, 7);

  private final NetlinkSocket socket;

  /** Reads with a socket. */
  public Listing(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** The number of the ruleset, which grows by one with each transaction of anybody. */
  public int generation() throws KernelException {
    return socket.query("ask for the ruleset's number", message(GET_GENERATION, 0, 0)).stream()
        .flatMap(reply -> reply.attributes(HEADER).networkInteger(1).stream())
        .findFirst()
        .orElseThrow();
  }

  /** All tables. */
  public List<Listed.Table> tables() throws KernelException {
    return list(
        "list tables",
        message(GET_TABLE, NetlinkMessage.DUMP, 0),
        (table, all) ->
            new Listed.Table(
                table, all.networkInteger(2).filter(flags -> (flags & DORMANT) != 0).isPresent()));
  }

  /** All chains of all tables. */
  public List<Listed.Chain> chains() throws KernelException {
    return list("list chains", message(GET_CHAIN, NetlinkMessage.DUMP, 0), Listing::chain);
  }

  /** Whether there is a chain. */
  public boolean hasChain(TableName table, String chain) throws KernelException {
    String what = "look for chain \"" + chain + "\"";
    try {
      return !socket.query(what, in(table, GET_CHAIN, 0).putText(3, chain)).isEmpty();
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** The rules of a table. */
  public List<Listed.Rule> rules(TableName table) throws KernelException {
    return list(
        "list table \"" + table + "\"",
        in(table, GET_RULE, NetlinkMessage.DUMP),
        (_, all) -> rule(table, all));
  }

  /** The rules of a chain. */
  public List<Listed.Rule> rules(TableName table, String chain) throws KernelException {
    List<Listed.Rule> rules =
        list(
            "list chain \"" + chain + "\"",
            in(table, GET_RULE, NetlinkMessage.DUMP).putText(2, chain),
            (_, all) -> rule(table, all));
    return rules.stream().filter(rule -> rule.chain().equals(chain)).toList();
  }

  /** Sets and maps of a table whose names are among some, with what is in them. */
  public List<Listed.Collection> collections(TableName table, Set<String> names)
      throws KernelException {
    List<Listed.Collection> empty =
        list(
            "list sets of table \"" + table + "\"",
            in(table, GET_SET, NetlinkMessage.DUMP),
            (_, all) ->
                new Listed.Collection(
                    table, all.text(2).orElseThrow(), values(all, OF_KERNEL_IN_SETS), List.of()));
    List<Listed.Collection> full = new ArrayList<>();
    for (Listed.Collection each : empty) {
      if (names.contains(each.name())) {
        full.add(
            new Listed.Collection(
                table, each.name(), each.attributes(), elements(table, each.name())));
      }
    }
    return full;
  }

  private List<Value> elements(TableName table, String set) throws KernelException {
    List<Value> elements = new ArrayList<>();
    NetlinkMessage all = in(table, GET_ELEMENT, NetlinkMessage.DUMP).putText(2, set);
    for (NetlinkReply each : socket.query("list set \"" + set + "\"", all)) {
      each.attributes(HEADER).contents(3).forEach(bytes -> elements.add(Value.ofBytes(bytes)));
    }
    return elements;
  }

  /** What has names in a table, beside chains and sets. */
  public List<Listed.Named> named(TableName table) throws KernelException {
    return list(
        "list objects of table \"" + table + "\"",
        in(table, GET_OBJECT, NetlinkMessage.DUMP),
        (_, all) ->
            new Listed.Named(table, all.text(2).orElseThrow(), values(all, OF_KERNEL_IN_NAMED)));
  }

  private <T> List<T> list(
      String what, NetlinkMessage message, BiFunction<TableName, Attributes, T> read)
      throws KernelException {
    List<T> listed = new ArrayList<>();
    for (NetlinkReply each : socket.query(what, message)) {
      TableName.of(each).ifPresent(table -> listed.add(read.apply(table, each.attributes(HEADER))));
    }
    return listed;
  }

  private static Listed.Chain chain(TableName table, Attributes all) {
    Attributes hook = all.nested(4);
    Optional<Base> base =
        hook.networkInteger(1)
            .map(
                point ->
                    new Base(
                        all.text(7).orElse("filter"),
                        point,
                        hook.networkInteger(2).orElse(0),
                        all.networkInteger(5).filter(is -> is == Decided.DROP).isPresent()));
    return new Listed.Chain(table, all.text(3).orElseThrow(), base);
  }

  private static Listed.Rule rule(TableName table, Attributes all) {
    return new Listed.Rule(
        table,
        all.text(2).orElseThrow(),
        all.networkLong(3).orElseThrow(),
        all.bytes(7).map(Transaction::comment).orElse(""),
        all.list(4).stream().map(Step::of).toList());
  }

  private static Map<Integer, Value> values(Attributes all, Set<Integer> without) {
    Map<Integer, Value> values = new TreeMap<>();
    all.byNumber()
        .forEach(
            (number, bytes) -> {
              if (!without.contains(number)) {
                values.put(number, Value.ofBytes(bytes));
              }
            });
    return values;
  }

  private static NetlinkMessage in(TableName table, int type, int flags) {
    return message(type, flags, table.family().number()).putText(1, table.name());
  }

  private static NetlinkMessage message(int type, int flags, int family) {
    return NetlinkMessage.of(type, flags).fixed((byte) family, (byte) 0, (byte) 0, (byte) 0);
  }
}

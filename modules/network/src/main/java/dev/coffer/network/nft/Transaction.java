package dev.coffer.network.nft;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Changes of a table, or of several, that happen together or not at all. A builder for one thread.
 */
public final class Transaction {
  private static final int SUBSYSTEM = 10;
  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;

  private static final int NEW_TABLE = 0;
  private static final int DELETE_TABLE = 2;
  private static final int NEW_CHAIN = 3;
  private static final int DELETE_CHAIN = 5;
  private static final int NEW_RULE = 6;
  private static final int DELETE_RULE = 8;
  private static final int NEW_SET = 9;
  private static final int NEW_ELEMENT = 12;
  private static final int DELETE_ELEMENT = 14;
  private static final int NEW_OBJECT = 18;

  private static final int SET_FLAGS = 3;
  private static final int SET_IS_MAP = 8;
  private static final int DATA_IS_VERDICT = 0xffffff00;
  private static final int HOST_ORDER = 1;

  /** An element of ours is at most 80 bytes long, and all of a message must fit into 64 KiB. */
  private static final int ELEMENTS_IN_A_MESSAGE = 500;

  /** One of others may have a comment and keep a state. */
  private static final int COPIES_IN_A_MESSAGE = 60;

  private static final int ANONYMOUS_OR_CONSTANT = 1 | 2;
  private static final int COUNTER = 1;

  private final TableName table;
  private final List<NetlinkMessage> messages = new ArrayList<>();
  private int sets;

  /** One for a table. */
  public Transaction(TableName table) {
    this.table = table;
  }

  /** One for a table. */
  public Transaction(Family family, String table) {
    this(new TableName(family, table));
  }

  /** One without changes, for those of several tables. */
  public static Transaction ofTables() {
    return new Transaction(new TableName(Family.INET, ""));
  }

  /** Has changes of another table happen with these. */
  public Transaction and(Transaction other) {
    messages.addAll(other.messages);
    return this;
  }

  /** How many changes there are. */
  public int size() {
    return messages.size();
  }

  /** Makes the table; nothing happens when it is there. */
  public Transaction addTable() {
    messages.add(message(NEW_TABLE, NetlinkMessage.CREATE).putNetworkInt(2, 0));
    return this;
  }

  /** Deletes the table with all that is in it; it must be there. */
  public Transaction deleteTable() {
    messages.add(message(DELETE_TABLE, 0));
    return this;
  }

  /** Makes a chain. */
  public Transaction add(Chain chain) {
    NetlinkMessage message = message(NEW_CHAIN, NetlinkMessage.CREATE).putText(3, chain.name());
    chain.hook().ifPresent(hook -> write(hook, message));
    messages.add(message);
    return this;
  }

  private static void write(Hook hook, NetlinkMessage to) {
    to.nest(
        4,
        nested -> nested.putNetworkInt(1, hook.point().number()).putNetworkInt(2, hook.priority()));
    to.putNetworkInt(5, 1).putText(7, hook.kind().word());
  }

  /** Deletes a chain and its rules; nothing may lead to it any more. */
  public Transaction delete(Chain chain) {
    messages.add(message(DELETE_CHAIN, 0).putText(3, chain.name()));
    return this;
  }

  /** Makes a set or a map. */
  public Transaction add(NamedSet set) {
    NetlinkMessage message =
        message(NEW_SET, NetlinkMessage.CREATE)
            .putText(2, set.name())
            .putNetworkInt(4, DataType.number(set.key()))
            .putNetworkInt(5, DataType.size(set.key()));
    switch (set.content()) {
      case NamedSet.Keys() -> message.putNetworkInt(3, 0);
      case NamedSet.Values(List<DataType> parts) ->
          message
              .putNetworkInt(3, SET_IS_MAP)
              .putNetworkInt(6, DataType.number(parts))
              .putNetworkInt(7, DataType.size(parts));
      case NamedSet.Verdicts() ->
          message
              .putNetworkInt(3, SET_IS_MAP)
              .putNetworkInt(6, DATA_IS_VERDICT)
              .putNetworkInt(7, 16);
    }
    message.putNetworkInt(10, ++sets);
    if (set.key().equals(List.of(DataType.DEVICE_NAME))) {
      // Without it, nft shows the names backwards.
      message.put(13, new byte[] {0, 4, HOST_ORDER, 0, 0, 0});
    }
    messages.add(message);
    return this;
  }

  /** Puts a rule at the end of its chain. */
  public Transaction add(Rule rule) {
    messages.add(rule(rule, NetlinkMessage.CREATE | NetlinkMessage.APPEND));
    return this;
  }

  /** Puts a rule before another of its chain. */
  public Transaction insert(Rule rule, long before) {
    messages.add(rule(rule, NetlinkMessage.CREATE).putNetworkLong(6, before));
    return this;
  }

  /** Takes a rule out, by the number that the kernel has given it. */
  public Transaction delete(String chain, long rule) {
    messages.add(message(DELETE_RULE, 0).putText(2, chain).putNetworkLong(3, rule));
    return this;
  }

  private NetlinkMessage rule(Rule rule, int flags) {
    NetlinkMessage message = message(NEW_RULE, flags).putText(2, rule.chain());
    message.nest(4, list -> rule.steps().forEach(expression -> list.nest(1, expression::writeTo)));
    CompatProtocol.of(rule.steps()).ifPresent(protocol -> message.nest(5, protocol::writeTo));
    return rule.comment().isEmpty() ? message : message.put(7, comment(rule.comment()));
  }

  /** A comment as nft writes it: kind 0, length, text with a zero behind it. */
  private static byte[] comment(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] data = new byte[bytes.length + 3];
    data[1] = (byte) (bytes.length + 1);
    System.arraycopy(bytes, 0, data, 2, bytes.length);
    return data;
  }

  /** The text of a comment that {@link #comment(String)} wrote, or nft. */
  static String comment(byte[] data) {
    boolean isText = data.length > 2 && data[0] == 0 && data[1] > 0 && data[1] <= data.length - 2;
    return isText ? new String(data, 2, data[1] - 1, StandardCharsets.UTF_8) : "";
  }

  /**
   * Makes a set or a map as another table has it, but for what is in it. What had no name of its
   * own there has one here.
   */
  public Transaction copy(Listed.Collection set) {
    NetlinkMessage message = message(NEW_SET, NetlinkMessage.CREATE);
    set.attributes()
        .forEach(
            (number, value) -> {
              if (number != SET_FLAGS) {
                message.put(number, value.bytes());
              }
            });
    message.putNetworkInt(SET_FLAGS, flags(set) & ~ANONYMOUS_OR_CONSTANT);
    messages.add(message.putNetworkInt(10, ++sets));
    return this;
  }

  private static int flags(Listed.Collection set) {
    Value flags = set.attributes().get(SET_FLAGS);
    return flags == null ? 0 : ByteBuffer.wrap(flags.bytes()).getInt();
  }

  /** Fills a set or map with what another table has in its own. */
  public Transaction copyElements(Listed.Collection set) {
    List<Value> all = Elements.ascending(set.elements());
    for (int from = 0; from < all.size(); from += COPIES_IN_A_MESSAGE) {
      List<Value> some = all.subList(from, Math.min(from + COPIES_IN_A_MESSAGE, all.size()));
      messages.add(
          message(NEW_ELEMENT, NetlinkMessage.CREATE)
              .putText(2, set.name())
              .nest(3, list -> some.forEach(each -> list.put(1, each.bytes()))));
    }
    return this;
  }

  /** Makes a counter, limit or the like as another table has it; counters begin anew. */
  public Transaction copy(Listed.Named named) {
    NetlinkMessage message = message(NEW_OBJECT, NetlinkMessage.CREATE);
    Value kind = named.attributes().get(3);
    boolean counts = kind != null && ByteBuffer.wrap(kind.bytes()).getInt() == COUNTER;
    named
        .attributes()
        .forEach(
            (number, value) ->
                message.put(number, counts && number == 4 ? new byte[0] : value.bytes()));
    messages.add(message);
    return this;
  }

  /** Puts elements into a set or a map. */
  public Transaction add(String set, Collection<? extends Element> elements) {
    return elements(NEW_ELEMENT, NetlinkMessage.CREATE, set, elements);
  }

  /** Takes elements out, which must be there. */
  public Transaction delete(String set, Collection<? extends Element> elements) {
    return elements(DELETE_ELEMENT, 0, set, elements);
  }

  private Transaction elements(
      int type, int flags, String set, Collection<? extends Element> elements) {
    List<Element> all = List.copyOf(elements);
    for (int from = 0; from < all.size(); from += ELEMENTS_IN_A_MESSAGE) {
      List<Element> some = all.subList(from, Math.min(from + ELEMENTS_IN_A_MESSAGE, all.size()));
      messages.add(
          message(type, flags)
              .putText(2, set)
              .nest(3, list -> some.forEach(each -> list.nest(1, one -> write(each, one)))));
    }
    return this;
  }

  private static void write(Element element, NetlinkMessage to) {
    to.nest(1, key -> key.put(1, element.key().bytes()));
    switch (element) {
      case Element.Member _ -> {}
      case Element.Mapping(Value _, Value value) -> to.nest(2, data -> data.put(1, value.bytes()));
      case Element.Decision(Value _, Verdict verdict) -> to.nest(2, verdict::writeTo);
    }
  }

  /** In all messages about tables and what is in them, the table's name is attribute 1. */
  private NetlinkMessage message(int type, int flags) {
    return NetlinkMessage.of(SUBSYSTEM << 8 | type, flags)
        .fixed((byte) table.family().number(), (byte) 0, (byte) 0, (byte) 0)
        .putText(1, table.name());
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return messages.isEmpty();
  }

  /** The messages that say it, the frame of the transaction included. */
  public List<NetlinkMessage> messages() {
    List<NetlinkMessage> framed = new ArrayList<>();
    framed.add(frame(BATCH_BEGIN));
    framed.addAll(messages);
    // Kernels before 6.10 answer no frame, so the last change is what is waited for.
    framed.getLast().acknowledge();
    framed.add(frame(BATCH_END));
    return framed;
  }

  private static NetlinkMessage frame(int type) {
    return NetlinkMessage.of(type, 0).fixed((byte) 0, (byte) 0, (byte) 0, (byte) SUBSYSTEM);
  }

  /**
   * Does it.
   *
   * @param what the change in words, for the error
   * @throws KernelException {@code ENOENT} where the table or something in it is not there; a
   *     {@link dev.coffer.kernel.NetlinkRefusal} counts the messages of {@link #messages}
   */
  public void commit(NetlinkSocket socket, String what) throws KernelException {
    if (!messages.isEmpty()) {
      socket.transaction(what, messages());
    }
  }
}

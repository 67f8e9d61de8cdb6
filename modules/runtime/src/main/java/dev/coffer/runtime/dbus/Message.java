package dev.coffer.runtime.dbus;

import dev.coffer.plan.wire.Bytes;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * What came over a bus (Specification, Message Format).
 *
 * @param fields the header's, by {@link HeaderField#code}
 * @param order of the body's bytes
 * @param body not yet looked into
 */
public record Message(
    Kind kind, long serial, Map<Integer, Value> fields, ByteOrder order, Bytes body) {

  public Message {
    fields = Map.copyOf(fields);
  }

  /** What a message is for. */
  public enum Kind {
    CALL(1),
    REPLY(2),
    ERROR(3),
    SIGNAL(4),
    /** To be ignored. */
    UNKNOWN(0);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return UNKNOWN;
    }
  }

  /** The object that speaks, for a signal; empty where there is none, as in all of these. */
  public String path() {
    return text(HeaderField.PATH);
  }

  public String interfaceName() {
    return text(HeaderField.INTERFACE);
  }

  public String member() {
    return text(HeaderField.MEMBER);
  }

  /** Set by the bus; empty on a connection without one. */
  public String sender() {
    return text(HeaderField.SENDER);
  }

  /** The kind of error. */
  public String errorName() {
    return text(HeaderField.ERROR_NAME);
  }

  /** The types in the body. */
  public String signature() {
    return text(HeaderField.SIGNATURE);
  }

  /** The serial of the call that this answers; 0 where it answers none. */
  public long replySerial() {
    return fields.get(HeaderField.REPLY_SERIAL.code()) instanceof Value.Whole whole
        ? whole.number()
        : 0;
  }

  private String text(HeaderField field) {
    return switch (fields.get(field.code())) {
      case Value.Text(String text) -> text;
      case Value.ObjectPath(String path) -> path;
      case Value.Types(String types) -> types;
      case null, default -> "";
    };
  }

  /** What it says. */
  public List<Value> values() throws MalformedMessageException {
    return new ValueReader(body.buffer().order(order)).read(signature());
  }

  /**
   * What it says, where that has to be of certain types.
   *
   * @throws MalformedMessageException where it is of others
   */
  public List<Value> values(String types) throws MalformedMessageException {
    if (!signature().equals(types)) {
      throw new MalformedMessageException(
          "types \"" + signature() + "\" where \"" + types + "\" were expected");
    }
    return values();
  }
}

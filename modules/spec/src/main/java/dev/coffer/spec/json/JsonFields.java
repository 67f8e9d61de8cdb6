package dev.coffer.spec.json;

import java.util.ArrayList;
import java.util.List;

/**
 * The members of one object as a decoder takes them, so that those it does not know can be kept.
 * For use by one thread.
 *
 * <pre>{@code
 * JsonFields in = new JsonFields(cursor);
 * return new Root(in.field("path").string(), in.field("readonly").boolOrFalse(), in.rest());
 * }</pre>
 */
public final class JsonFields {
  private final JsonCursor object;
  private final List<String> taken = new ArrayList<>();

  /** The members of the object at a cursor, which must be present. */
  public JsonFields(JsonCursor object) {
    object.object();
    this.object = object;
  }

  /** The member of that name, which may be missing. It is not part of the {@link #rest}. */
  public JsonCursor field(String name) {
    taken.add(name);
    return object.field(name);
  }

  /** The members that nobody has asked for. */
  public JsonObject rest() {
    return object.without(taken);
  }
}

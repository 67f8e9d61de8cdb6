package dev.coffer.spec.json;

/** {@code null}. */
public record JsonNull() implements JsonValue {
  /** The one null. */
  public static final JsonNull NULL = new JsonNull();

  @Override
  public String kind() {
    return "null";
  }
}

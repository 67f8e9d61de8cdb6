package dev.coffer.spec.json;

import static java.util.Objects.requireNonNull;

/** A string. It may hold any UTF-16 unit, lone surrogates included: those are written escaped. */
public record JsonString(String value) implements JsonValue {
  public JsonString {
    requireNonNull(value, "value");
  }

  @Override
  public String kind() {
    return "string";
  }
}

package dev.coffer.runtime.systemd;

import dev.coffer.runtime.dbus.Value;

/** A property of a unit, as systemd takes it over the bus. */
public record UnitProperty(String name, Value value) {
  Value toValue() {
    return Value.struct(Value.of(name), new Value.Variant(value));
  }
}

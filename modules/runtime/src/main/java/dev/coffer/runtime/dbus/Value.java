package dev.coffer.runtime.dbus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A value in a message, of one of the specification's types; dictionaries and descriptors are not
 * among them.
 */
public sealed interface Value {
  /** The type as signatures have it. */
  String signature();

  /** {@code s}. */
  record Text(String text) implements Value {
    @Override
    public String signature() {
      return "s";
    }
  }

  /** {@code o}: the name of an object. */
  record ObjectPath(String path) implements Value {
    @Override
    public String signature() {
      return "o";
    }
  }

  /** {@code g}: types. */
  record Types(String text) implements Value {
    @Override
    public String signature() {
      return "g";
    }
  }

  /** {@code b}. */
  record Flag(boolean isSet) implements Value {
    @Override
    public String signature() {
      return "b";
    }
  }

  /** {@code d}. */
  record Fraction(double number) implements Value {
    @Override
    public String signature() {
      return "d";
    }
  }

  /**
   * An integer.
   *
   * @param number unsigned ones of 64 bits have its bits
   */
  record Whole(IntegerType type, long number) implements Value {
    public Whole {
      if (!type.holds(number)) {
        throw new IllegalArgumentException(number + " is no " + type.keyword());
      }
    }

    @Override
    public String signature() {
      return String.valueOf(type.letter());
    }
  }

  /** {@code v}: a value with its type. */
  record Variant(Value value) implements Value {
    @Override
    public String signature() {
      return "v";
    }
  }

  /**
   * {@code a}: values of one type.
   *
   * @param element the type's signature
   */
  record Sequence(String element, List<Value> values) implements Value {
    public Sequence {
      values = List.copyOf(values);
      for (Value value : values) {
        if (!value.signature().equals(element)) {
          throw new IllegalArgumentException(
              "type " + value.signature() + " in an array of " + element);
        }
      }
    }

    @Override
    public String signature() {
      return "a" + element;
    }
  }

  /** A few values, of any types. */
  record Struct(List<Value> members) implements Value {
    public Struct {
      members = List.copyOf(members);
    }

    @Override
    public String signature() {
      return "(" + signatureOf(members) + ")";
    }
  }

  static Value of(String text) {
    return new Text(text);
  }

  static Value of(boolean isSet) {
    return new Flag(isSet);
  }

  /** {@code y}. */
  static Value octet(int number) {
    return new Whole(IntegerType.BYTE, number);
  }

  /** {@code u}. */
  static Value uint32(long number) {
    return new Whole(IntegerType.UINT32, number);
  }

  /** {@code t}. */
  static Value uint64(long number) {
    return new Whole(IntegerType.UINT64, number);
  }

  static Value struct(Value... members) {
    return new Struct(List.of(members));
  }

  /** {@code ay}. */
  static Value bytes(byte[] bytes) {
    List<Value> values = new ArrayList<>();
    for (byte each : bytes) {
      values.add(octet(Byte.toUnsignedInt(each)));
    }
    return new Sequence("y", values);
  }

  /** The types of several values. */
  static String signatureOf(Collection<Value> values) {
    StringBuilder all = new StringBuilder();
    values.forEach(each -> all.append(each.signature()));
    return all.toString();
  }
}

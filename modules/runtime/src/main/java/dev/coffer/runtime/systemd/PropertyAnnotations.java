package dev.coffer.runtime.systemd;

import dev.coffer.runtime.dbus.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Annotations that set properties of a container's unit: {@code org.systemd.property.NAME}, with a
 * value as {@link PropertyText} has it. A name in {@code Sec} stands for the one in {@code USec}.
 */
public final class PropertyAnnotations {
  /** What the names of such annotations begin with. */
  public static final String PREFIX = "org.systemd.property.";

  private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z]{2,}");
  private static final String SECONDS = "Sec";
  private static final String MICROS = "USec";
  private static final long SECOND_MICROS = 1_000_000;

  private PropertyAnnotations() {}

  /**
   * The properties that the annotations ask for.
   *
   * @throws IllegalArgumentException naming the annotation that asks for none
   */
  public static List<UnitProperty> of(Map<String, String> annotations) {
    List<UnitProperty> properties = new ArrayList<>();
    annotations.forEach(
        (key, text) -> {
          if (key.startsWith(PREFIX)) {
            properties.add(property(key, text));
          }
        });
    return properties;
  }

  private static UnitProperty property(String key, String text) {
    String name = key.substring(PREFIX.length());
    try {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("no name of a property");
      }
      Value value = PropertyText.parse(text);
      if (!name.endsWith(SECONDS) || name.endsWith(MICROS)) {
        return new UnitProperty(name, value);
      }
      String stem = name.substring(0, name.length() - SECONDS.length());
      return new UnitProperty(stem + MICROS, Value.uint64(micros(value)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("annotation \"" + key + "\": " + e.getMessage(), e);
    }
  }

  private static long micros(Value seconds) {
    return switch (seconds) {
      case Value.Whole whole when whole.number() >= 0 ->
          Math.multiplyExact(whole.number(), SECOND_MICROS);
      case Value.Fraction(double number) when number >= 0 -> (long) (number * SECOND_MICROS);
      default -> throw new IllegalArgumentException("no number of seconds");
    };
  }
}

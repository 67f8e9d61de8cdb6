package dev.coffer.cli.template;

import java.util.List;

/** {@code eq}, {@code lt} and their kin: values of one basic kind are compared, others refused. */
final class Comparison {

  private Comparison() {}

  /** Whether the first equals any of the others. */
  static boolean equalsAny(List<Object> arguments) {
    if (arguments.size() < 2) {
      throw new TemplateException("missing argument for comparison");
    }
    Object first = arguments.getFirst();
    for (Object other : arguments.subList(1, arguments.size())) {
      if (equal(first, other)) {
        return true;
      }
    }
    return false;
  }

  static boolean equal(Object a, Object b) {
    if (isMissing(a) || isMissing(b)) {
      return isMissing(a) && isMissing(b);
    }
    if (a instanceof Boolean && b instanceof Boolean) {
      return a.equals(b);
    }
    return compare(a, b) == 0;
  }

  static int compare(Object a, Object b) {
    if (a instanceof Long first && b instanceof Long second) {
      return Long.compare(first, second);
    }
    if (a instanceof Number first && b instanceof Number second) {
      return Double.compare(first.doubleValue(), second.doubleValue());
    }
    if (a instanceof String first && b instanceof String second) {
      return first.compareTo(second);
    }
    throw new TemplateException(
        "incompatible types for comparison: " + Values.typeName(a) + " and " + Values.typeName(b));
  }

  private static boolean isMissing(Object value) {
    return value == null || value == Values.Absent.VALUE;
  }
}

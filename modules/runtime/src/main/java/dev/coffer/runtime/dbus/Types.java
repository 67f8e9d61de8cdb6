package dev.coffer.runtime.dbus;

/** Signatures (Specification, Type System): what types follow one another. */
final class Types {
  private static final int LONGEST = 255;

  /** Of arrays and structs within each other, together. */
  private static final int DEEPEST = 32;

  private Types() {}

  /** How the values of a type are aligned, in bytes. */
  static int alignment(char type) {
    return switch (type) {
      case 'y', 'g', 'v' -> 1;
      case 'n', 'q' -> 2;
      case 'b', 'i', 'u', 's', 'o', 'a', 'h' -> 4;
      case 'x', 't', 'd', '(', '{' -> 8;
      default -> throw new IllegalArgumentException("no type \"" + type + "\"");
    };
  }

  static void check(String signature) throws MalformedMessageException {
    if (signature.length() > LONGEST) {
      throw new MalformedMessageException("a signature of " + signature.length() + " types");
    }
    int at = 0;
    while (at < signature.length()) {
      at = end(signature, at);
    }
  }

  /** Where the type that begins at {@code from} ends. */
  static int end(String signature, int from) throws MalformedMessageException {
    return end(signature, from, 0);
  }

  private static int end(String signature, int from, int depth) throws MalformedMessageException {
    if (from >= signature.length() || depth > DEEPEST) {
      throw wrong(signature);
    }
    return switch (signature.charAt(from)) {
      case 'y', 'b', 'n', 'q', 'i', 'u', 'x', 't', 'd', 's', 'o', 'g', 'v', 'h' -> from + 1;
      case 'a' -> end(signature, from + 1, depth + 1);
      case '(' -> group(signature, from + 1, ')', depth);
      case '{' -> group(signature, from + 1, '}', depth);
      default -> throw wrong(signature);
    };
  }

  private static int group(String signature, int from, char last, int depth)
      throws MalformedMessageException {
    int at = from;
    do {
      at = end(signature, at, depth + 1);
    } while (at < signature.length() && signature.charAt(at) != last);
    if (at >= signature.length()) {
      throw wrong(signature);
    }
    return at + 1;
  }

  private static MalformedMessageException wrong(String signature) {
    return new MalformedMessageException("signature \"" + signature + "\"");
  }
}

package dev.coffer.engine.create;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside containers, as text alone: nothing is looked up. */
public final class Paths {

  private Paths() {}

  /**
   * The path without empty parts, {@code .} and {@code ..}; an absolute path stays below {@code /}.
   */
  public static String normalize(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
  }
}

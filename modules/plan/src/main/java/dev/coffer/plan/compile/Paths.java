package dev.coffer.plan.compile;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths inside a container, as text: what they lead to is found out in-root when the plan runs. */
final class Paths {
  /** The root, normalized. */
  static final String ROOT = "/";

  private Paths() {}

  /** An absolute path without {@code .}, {@code ..} and double slashes. */
  static String normalize(String path) {
    Deque<String> components = new ArrayDeque<>();
    for (String component : path.split("/")) {
      switch (component) {
        case "", "." -> {}
        case ".." -> components.pollLast();
        default -> components.addLast(component);
      }
    }
    return "/" + String.join("/", components);
  }

  /** The directory part of a normalized path. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? ROOT : path.substring(0, slash);
  }

  /** The last component of a normalized path. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}

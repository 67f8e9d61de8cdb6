package dev.coffer.image.layer;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.NativeText;
import java.util.ArrayList;
import java.util.List;

/** The paths that an archive writes: always within the layer, or refused. */
final class EntryPath {
  private static final int NAME_MAX = 255;

  private EntryPath() {}

  /**
   * The components of an entry's name or a hard link's target. Absolute ones start at the layer's
   * root, as in Docker; {@code ..} takes back what stands before it.
   *
   * @throws ImageException ESCAPE when it would leave the layer, MALFORMED, LIMIT_EXCEEDED
   */
  static List<String> parse(String text, int maxDepth) throws ImageException {
    List<String> path = new ArrayList<>();
    for (String component : text.split("/", -1)) {
      switch (component) {
        case "", "." -> {}
        case ".." -> {
          if (path.isEmpty()) {
            throw new ImageException(
                Kind.ESCAPE, "entry \"" + text + "\" would reach outside of its layer");
          }
          path.removeLast();
        }
        default -> path.add(checked(component));
      }
    }
    if (path.size() > maxDepth) {
      throw tooDeep(maxDepth);
    }
    return path;
  }

  /**
   * The components of a symbolic link's text, {@code ..} included, for a walk that stays in-root.
   */
  static List<String> ofLink(String text) throws ImageException {
    List<String> path = new ArrayList<>();
    for (String component : text.split("/", -1)) {
      if (!component.isEmpty() && !component.equals(".")) {
        path.add(checked(component));
      }
    }
    return path;
  }

  private static String checked(String component) throws ImageException {
    if (component.indexOf('\0') >= 0) {
      throw new ImageException(Kind.MALFORMED, "an entry's name has a NUL in it");
    }
    if (component.length() * 3 > NAME_MAX && NativeText.encode(component).length > NAME_MAX) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED, "archive exceeds its limits: a file name of more than 255 bytes");
    }
    return component;
  }

  static ImageException tooDeep(int maxDepth) {
    return new ImageException(
        Kind.LIMIT_EXCEEDED,
        "archive exceeds its limits: a path of more than " + maxDepth + " directories");
  }
}

package dev.coffer.image;

import dev.coffer.spec.image.Digest;
import java.util.function.Predicate;

/**
 * How to remove an image. (Docker's {@code --no-prune} spares untagged parent images; the store has
 * none.)
 *
 * @param force remove an image by id although several names point at it, and untag one that is in
 *     use
 * @param inUse tells whether a container needs the image with an id: such an image is never deleted
 */
public record RemoveOptions(boolean force, Predicate<Digest> inUse) {

  /** Removes what has no other name, and spares nothing. */
  public static final RemoveOptions DEFAULT = new RemoveOptions(false, id -> false);
}

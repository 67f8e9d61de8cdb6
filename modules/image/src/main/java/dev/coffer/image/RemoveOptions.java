package dev.coffer.image;

import dev.coffer.spec.image.Digest;
import java.util.function.Predicate;

/**
 * How to remove an image.
 *
 * @param force remove an image by id although several names point at it, and untag one that is in
 *     use
 * @param noPrune keep the image and its layers although no name points at it any more
 * @param inUse tells whether a container needs the image with an id: such an image is never deleted
 */
public record RemoveOptions(boolean force, boolean noPrune, Predicate<Digest> inUse) {

  /** Removes what has no other name and is not in use. */
  public static final RemoveOptions DEFAULT = new RemoveOptions(false, false, id -> false);
}

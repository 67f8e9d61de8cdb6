package dev.coffer.image;

import dev.coffer.spec.image.Reference;
import java.util.List;

/**
 * What a load brought.
 *
 * @param images the images, in the archive's order, with the names that the archive gave them; an
 *     image without a name in the archive has none here
 * @param artifacts the names of what holds no image that could be run, and is kept all the same
 */
public record LoadResult(List<Image> images, List<Reference> artifacts) {
  public LoadResult {
    images = List.copyOf(images);
    artifacts = List.copyOf(artifacts);
  }
}

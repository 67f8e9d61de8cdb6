package dev.coffer.image;

import java.util.List;

/**
 * What a load brought.
 *
 * @param images the images, in the archive's order, with the names that the archive gave them; an
 *     image without a name in the archive has none here
 */
public record LoadResult(List<Image> images) {
  public LoadResult {
    images = List.copyOf(images);
  }
}

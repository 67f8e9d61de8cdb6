package dev.coffer.engine.create;

import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageStore;
import java.util.Optional;

/** Asks the image store about images that may be gone. */
public final class ImageLookup {

  private final ImageStore images;

  /** Asks this store. */
  public ImageLookup(ImageStore images) {
    this.images = images;
  }

  /** An image by name or id; empty when there is none. */
  public Optional<Image> find(String nameOrId) {
    try {
      return Optional.of(images.resolve(nameOrId, Optional.empty()));
    } catch (ImageException none) {
      return Optional.empty();
    }
  }

  /** The id of the image that a name means. */
  public Optional<String> id(String nameOrId) {
    return find(nameOrId).map(image -> image.id().toString());
  }

  /** An image's size in bytes, 0 when it is gone. */
  public long sizeBytes(String nameOrId) {
    return find(nameOrId).map(Image::sizeBytes).orElse(0L);
  }
}

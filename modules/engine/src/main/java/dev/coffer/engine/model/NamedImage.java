package dev.coffer.engine.model;

import java.util.List;

/**
 * What a name stands for.
 *
 * @param name familiar name; an id for what has none
 * @param id of the image that this host runs, or of the artifact, {@code sha256:…}
 * @param sizeBytes unpacked size of all of it that is here
 * @param contentBytes what its archives take
 * @param used whether some of it may not be removed
 * @param platforms the images in it; none for an artifact
 */
public record NamedImage(
    String name,
    String id,
    long sizeBytes,
    long contentBytes,
    boolean used,
    List<ImagePlatform> platforms) {
  public NamedImage {
    platforms = List.copyOf(platforms);
  }
}

package dev.coffer.engine.model;

import java.util.List;

/**
 * An image with its layers.
 *
 * @param image the image
 * @param platforms what its name stands for, in the order of its index; one or none when the name
 *     stands for no index
 * @param layers its layers, lowest first
 * @param dependents the layers that others have on top of it, when they were asked for
 */
public record ImageTree(
    ImageSummary image,
    List<ImagePlatform> platforms,
    List<Layer> layers,
    List<Dependent> dependents) {
  public ImageTree {
    platforms = List.copyOf(platforms);
    layers = List.copyOf(layers);
    dependents = List.copyOf(dependents);
  }

  /**
   * A layer.
   *
   * @param id its chain id, {@code sha256:…}
   * @param sizeBytes unpacked size
   * @param topOf names, or short ids where there are none, of the images whose uppermost it is
   * @param partOf the same of the images that have others above it
   */
  public record Layer(String id, long sizeBytes, List<String> topOf, List<String> partOf) {
    public Layer {
      topOf = List.copyOf(topOf);
      partOf = List.copyOf(partOf);
    }
  }

  /** A layer on top of others, with what is on top of it. */
  public record Dependent(Layer layer, List<Dependent> above) {
    public Dependent {
      above = List.copyOf(above);
    }
  }
}

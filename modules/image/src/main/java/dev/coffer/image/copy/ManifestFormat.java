package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two ways to write down the same image. Configs and layers have the same bytes in both, only
 * manifests differ.
 */
public enum ManifestFormat {
  /** OCI image-spec 1.1. */
  OCI("oci") {
    @Override
    String layer(Descriptor layer) {
      return switch (layer.mediaType()) {
        case MediaTypes.DOCKER_LAYER -> MediaTypes.OCI_LAYER;
        case MediaTypes.DOCKER_LAYER_GZIP -> MediaTypes.OCI_LAYER_GZIP;
        case MediaTypes.DOCKER_FOREIGN_LAYER -> MediaTypes.OCI_FOREIGN_LAYER;
        case MediaTypes.DOCKER_FOREIGN_LAYER_GZIP -> MediaTypes.OCI_FOREIGN_LAYER_GZIP;
        case String other -> other;
      };
    }

    @Override
    RawManifest image(RawManifest from, Manifest manifest) {
      if (manifest.mediaType().equals(MediaTypes.OCI_MANIFEST)) {
        return from;
      }
      List<Descriptor> layers = new ArrayList<>();
      for (Descriptor layer : manifest.layers()) {
        layers.add(layer.withMediaType(layer(layer)));
      }
      boolean image = manifest.config().mediaType().equals(MediaTypes.DOCKER_CONFIG);
      Descriptor config =
          image ? manifest.config().withMediaType(MediaTypes.OCI_CONFIG) : manifest.config();
      return written(MediaTypes.OCI_MANIFEST, Manifest.of(config, layers).write());
    }

    @Override
    String index() {
      return MediaTypes.OCI_INDEX;
    }
  },

  /** Docker's image manifest version 2, schema 2. */
  V2S2("v2s2") {
    @Override
    String layer(Descriptor layer) throws ImageException {
      return switch (layer.mediaType()) {
        case MediaTypes.OCI_LAYER, MediaTypes.DOCKER_LAYER -> MediaTypes.DOCKER_LAYER;
        case MediaTypes.OCI_LAYER_GZIP, MediaTypes.DOCKER_LAYER_GZIP ->
            MediaTypes.DOCKER_LAYER_GZIP;
        case MediaTypes.OCI_FOREIGN_LAYER, MediaTypes.DOCKER_FOREIGN_LAYER ->
            MediaTypes.DOCKER_FOREIGN_LAYER;
        case MediaTypes.OCI_FOREIGN_LAYER_GZIP, MediaTypes.DOCKER_FOREIGN_LAYER_GZIP ->
            MediaTypes.DOCKER_FOREIGN_LAYER_GZIP;
        case String other ->
            throw new ImageException(
                Kind.NOT_SUPPORTED,
                "cannot write the manifest as v2s2: it has no word for layer %s of type \"%s\" (use --format oci)"
                    .formatted(layer.digest(), other));
      };
    }

    @Override
    RawManifest image(RawManifest from, Manifest manifest) throws ImageException {
      if (manifest.mediaType().equals(MediaTypes.DOCKER_MANIFEST)) {
        return from;
      }
      boolean artifact =
          manifest.artifactType().isPresent()
              || manifest.subject().isPresent()
              || !MediaTypes.isImageConfig(manifest.config().mediaType());
      if (artifact) {
        throw new ImageException(
            Kind.NOT_SUPPORTED,
            "cannot write manifest %s as v2s2: it is an artifact's (use --format oci)"
                .formatted(from.digest()));
      }
      List<Descriptor> layers = new ArrayList<>();
      for (Descriptor layer : manifest.layers()) {
        layers.add(layer.withMediaType(layer(layer)).withAnnotations(Map.of()));
      }
      Manifest converted =
          new Manifest(
              MediaTypes.DOCKER_MANIFEST,
              Optional.empty(),
              manifest.config().withMediaType(MediaTypes.DOCKER_CONFIG).withAnnotations(Map.of()),
              layers,
              Optional.empty(),
              Map.of(),
              JsonObject.EMPTY);
      return written(MediaTypes.DOCKER_MANIFEST, converted.write());
    }

    @Override
    String index() {
      return MediaTypes.DOCKER_INDEX;
    }
  };

  private final String word;

  ManifestFormat(String word) {
    this.word = word;
  }

  /** The name that a user gives it. */
  public String word() {
    return word;
  }

  /**
   * The format of a name; {@code docker} is v2s2 to Podman's users.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ManifestFormat parse(String text) {
    return switch (text) {
      case "oci" -> OCI;
      case "v2s2", "docker" -> V2S2;
      default ->
          throw new IllegalArgumentException(
              "unknown manifest format \"%s\": use oci or v2s2".formatted(text));
    };
  }

  abstract String layer(Descriptor layer) throws ImageException;

  /** An image's manifest in this format: itself when it has it already. */
  abstract RawManifest image(RawManifest from, Manifest manifest) throws ImageException;

  abstract String index();

  /** An index in this format that lists other manifests: itself when nothing differs. */
  RawManifest index(RawManifest from, Index index, List<Descriptor> manifests) {
    if (index.mediaType().equals(index()) && index.manifests().equals(manifests)) {
      return from;
    }
    // Docker's manifest list has no annotations.
    boolean oci = this == OCI;
    Index converted =
        new Index(
            index(),
            manifests,
            oci ? index.annotations() : Map.of(),
            oci ? index.unknown() : JsonObject.EMPTY);
    return written(index(), converted.write());
  }

  private static RawManifest written(String mediaType, JsonObject json) {
    return RawManifest.written(mediaType, Json.bytes(json));
  }
}

package dev.coffer.engine.inspect;

import dev.coffer.image.Artifact;
import dev.coffer.image.Image;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;

/**
 * An image as {@code docker image inspect} shows it.
 *
 * <p>Source: Docker Engine API 1.47, {@code GET /images/{name}/json}.
 */
public final class ImageJson {

  private ImageJson() {}

  /** The object. */
  public static JsonObject of(Image image) {
    ImageConfig config = image.config();
    return JsonObject.builder()
        .put("Id", image.id().toString())
        .putStrings("RepoTags", repoTags(image.references()))
        .putStrings("RepoDigests", repoDigests(image.references(), image.manifest().digest()))
        .put("Parent", "")
        .put("Comment", config.history().isEmpty() ? "" : config.history().getLast().comment())
        .put("Created", config.created().map(Object::toString).orElse(""))
        .put("DockerVersion", "")
        .put("Author", config.author())
        .put("Architecture", config.platform().architecture())
        .put("Variant", config.platform().variant().orElse(""))
        .put("Os", config.platform().os())
        .put("Size", image.sizeBytes())
        .put("Config", defaults(config.defaults()))
        .put(
            "RootFS",
            JsonObject.builder()
                .put("Type", "layers")
                .putStrings("Layers", config.diffIds().stream().map(Digest::toString).toList())
                .build())
        .build();
  }

  /** The names that have a tag. */
  public static List<String> repoTags(List<Reference> references) {
    return references.stream()
        .filter(reference -> reference.tag().isPresent())
        .map(Reference::familiar)
        .toList();
  }

  /** Each repository that names the image, with the manifest's digest. */
  public static List<String> repoDigests(List<Reference> references, Digest manifest) {
    return references.stream()
        .map(reference -> reference.withDigest(manifest).familiar())
        .distinct()
        .toList();
  }

  /**
   * An artifact in the same terms, as far as they mean something for it, with its manifest.
   *
   * <p>Docker has no words for artifacts; {@code ArtifactType} is the OCI image-spec's.
   */
  public static JsonObject of(Artifact artifact) {
    Digest id = artifact.target().digest();
    return JsonObject.builder()
        .put("Id", id.toString())
        .putStrings("RepoTags", repoTags(artifact.references()))
        .putStrings("RepoDigests", repoDigests(artifact.references(), id))
        .put("Created", artifact.created().map(Object::toString).orElse(""))
        .put("Size", artifact.sizeBytes())
        .put("ArtifactType", artifact.type())
        .put("Descriptor", artifact.target().write())
        .put("Manifest", artifact.manifest())
        .build();
  }

  private static JsonObject defaults(ContainerDefaults defaults) {
    JsonObject.Builder json = JsonObject.builder().put("User", defaults.user());
    if (!defaults.exposedPorts().isEmpty()) {
      json.put("ExposedPorts", ConfigJson.set(defaults.exposedPorts()));
    }
    json.putStrings("Env", defaults.environment())
        .put("Cmd", ConfigJson.stringsOrNull(defaults.command()))
        .put(
            "Volumes",
            defaults.volumes().isEmpty() ? JsonNull.NULL : ConfigJson.set(defaults.volumes()))
        .put("WorkingDir", defaults.workingDirectory())
        .put("Entrypoint", ConfigJson.stringsOrNull(defaults.entrypoint()))
        .put("OnBuild", ConfigJson.stringsOrNull(defaults.onBuild()))
        .put(
            "Labels",
            defaults.labels().isEmpty() ? JsonNull.NULL : JsonValue.ofStrings(defaults.labels()));
    defaults.stopSignal().ifPresent(signal -> json.put("StopSignal", signal));
    defaults.healthcheck().ifPresent(h -> json.put("Healthcheck", ConfigJson.healthcheck(h)));
    if (!defaults.shell().isEmpty()) {
      json.putStrings("Shell", defaults.shell());
    }
    return json.build();
  }
}

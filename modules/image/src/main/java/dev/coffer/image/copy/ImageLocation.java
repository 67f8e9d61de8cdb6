package dev.coffer.image.copy;

import dev.coffer.spec.image.Reference;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Where an image is or shall be, as a user writes it: {@code TRANSPORT:PLACE}. */
public sealed interface ImageLocation {

  /** The text form, for messages. */
  String shown();

  /** A name in a registry, {@code docker://NAME}. */
  record Registry(Reference reference) implements ImageLocation {
    @Override
    public String shown() {
      return "docker://" + reference.familiar();
    }
  }

  /** A name or id in the local store: {@code coffer:NAME}, or the name alone. */
  record Store(String nameOrId) implements ImageLocation {
    @Override
    public String shown() {
      return nameOrId;
    }
  }

  /** An OCI image layout in a directory, {@code oci:DIRECTORY[:TAG]}. */
  record Layout(String shown, Path path, Optional<String> tag) implements ImageLocation {}

  /** An OCI image layout as a tar, {@code oci-archive:FILE[:TAG]}. */
  record OciArchive(String shown, Path path, Optional<String> tag) implements ImageLocation {}

  /** What {@code docker save} writes, {@code docker-archive:FILE[:NAME]}. */
  record DockerArchive(String shown, Path path, Optional<Reference> reference)
      implements ImageLocation {}

  /** Loose files, {@code dir:DIRECTORY}. */
  record Directory(String shown, Path path) implements ImageLocation {}

  /**
   * Reads the text form.
   *
   * @param paths how a path that the user names is reached
   * @throws IllegalArgumentException when it is malformed or of another transport
   */
  static ImageLocation parse(String text, Function<String, Path> paths) {
    int colon = text.indexOf(':');
    String transport = colon < 0 ? "" : text.substring(0, colon);
    String place = text.substring(colon + 1);
    return switch (transport) {
      case "docker" -> registry(text, place);
      case "coffer" -> new Store(place);
      case "oci" -> new Layout(text, path(text, place, paths), suffix(place));
      case "oci-archive" -> new OciArchive(text, path(text, place, paths), suffix(place));
      case "docker-archive" ->
          new DockerArchive(
              text,
              path(text, place, paths),
              suffix(place).map(name -> Reference.parse(name).orLatest()));
      case "dir" -> new Directory(text, paths.apply(place));
      case "docker-daemon", "containers-storage", "ostree", "sif" ->
          throw new IllegalArgumentException(
              "transport \"%s:\" is not supported: use docker://, oci:, oci-archive:, docker-archive:, dir:, or a name in the store"
                  .formatted(transport));
      default -> new Store(text);
    };
  }

  private static Registry registry(String text, String place) {
    if (!place.startsWith("//")) {
      throw new IllegalArgumentException(
          "invalid image \"%s\": write docker://%s".formatted(text, place));
    }
    return new Registry(Reference.parse(place.substring(2)).orLatest());
  }

  private static Path path(String text, String place, Function<String, Path> paths) {
    int colon = place.indexOf(':');
    String path = colon < 0 ? place : place.substring(0, colon);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("invalid image \"" + text + "\": it has no path");
    }
    return paths.apply(path);
  }

  private static Optional<String> suffix(String place) {
    int colon = place.indexOf(':');
    return Optional.of(colon < 0 ? "" : place.substring(colon + 1)).filter(tag -> !tag.isEmpty());
  }
}

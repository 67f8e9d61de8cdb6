package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.util.Optional;

/**
 * How messages name what is in a repository, and whether a name is one.
 *
 * @param repository the repository
 */
record Naming(Reference repository) {

  /**
   * The digest that a text is; empty for a tag.
   *
   * @throws ImageException INVALID_REQUEST when it is neither
   */
  Optional<Digest> digest(String tagOrDigest) throws ImageException {
    try {
      if (tagOrDigest.indexOf(':') >= 0) {
        return Optional.of(Digest.parse(tagOrDigest));
      }
      Reference checked = repository.withTag(tagOrDigest);
      return checked.digest();
    } catch (IllegalArgumentException e) {
      throw new ImageException(ImageException.Kind.INVALID_REQUEST, e.getMessage(), e);
    }
  }

  /** Such as {@code tag "2" of "app"}. */
  String manifest(String tagOrDigest) {
    return tagOrDigest.indexOf(':') >= 0
        ? "manifest %s in \"%s\"".formatted(tagOrDigest, repository.path())
        : "tag \"%s\" in \"%s\"".formatted(tagOrDigest, repository.path());
  }

  /** Such as {@code blob sha256:… in "app"}. */
  String blob(Digest digest) {
    return "blob %s in \"%s\"".formatted(digest, repository.path());
  }

  /** Such as {@code repository "app"}. */
  String whole() {
    return "repository \"" + repository.path() + "\"";
  }
}

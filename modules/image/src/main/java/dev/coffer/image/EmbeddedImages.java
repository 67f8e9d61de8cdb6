package dev.coffer.image;

import dev.coffer.spec.image.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Image archives that come with the distribution and are loaded when they are first asked for. The
 * archive of {@code busybox:latest} is {@code busybox.tar}; only official images have one.
 *
 * @param directory where they are; need not exist
 */
public record EmbeddedImages(Path directory) {
  private static final Pattern OFFICIAL =
      Pattern.compile("docker\\.io/library/([a-z0-9-]+):latest");

  /** The archive for a reference, if there is one. */
  public Optional<Path> find(Reference reference) {
    return Optional.of(OFFICIAL.matcher(reference.orLatest().toString()))
        .filter(java.util.regex.Matcher::matches)
        .map(matcher -> directory.resolve(matcher.group(1) + ".tar"))
        .filter(Files::isRegularFile);
  }
}

package dev.coffer.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image to make from a distribution's package archive.
 *
 * @param distribution what to install, such as {@code debian:bookworm}
 * @param reference the image's name; the distribution's when empty
 * @param include packages to install beside those of the variant
 * @param variant which packages make up the system, in the tool's words, such as {@code minbase}
 * @param components parts of the archive, such as {@code main}; the distribution's usual ones when
 *     empty
 * @param mirrors where to get the packages; the distribution's own archive when empty
 * @param keyring the file of the keys that sign the archive; the distribution's own when empty
 * @param platform what the image runs on; the host's when empty
 * @param tool {@code mmdebstrap} or {@code debootstrap}; the first that is installed when empty
 * @param changes Dockerfile instructions for the image's config
 * @param environment the caller's, of which the tool gets the proxies and SOURCE_DATE_EPOCH
 */
public record BootstrapRequest(
    String distribution,
    Optional<String> reference,
    List<String> include,
    String variant,
    List<String> components,
    List<String> mirrors,
    Optional<String> keyring,
    Optional<String> platform,
    Optional<String> tool,
    List<String> changes,
    Map<String, String> environment) {
  public BootstrapRequest {
    include = List.copyOf(include);
    components = List.copyOf(components);
    mirrors = List.copyOf(mirrors);
    changes = List.copyOf(changes);
    environment = Map.copyOf(environment);
  }
}

package dev.coffer.cli.value;

import dev.coffer.engine.model.MountRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code -v [SOURCE:]TARGET[:OPTIONS]}. A source that begins with a slash or a dot is a path of the
 * host, any other a volume's name, none an anonymous volume.
 */
public final class VolumeSyntax {

  private VolumeSyntax() {}

  /**
   * The mount of a text.
   *
   * @throws IllegalArgumentException when the text is wrong
   */
  public static MountRequest parse(String text, HostPaths paths) {
    String[] parts = text.split(":", -1);
    if (parts.length > 3) {
      throw invalid(text, "too many colons");
    }
    for (String part : parts) {
      if (part.isEmpty()) {
        throw invalid(text, "empty section between colons");
      }
    }
    String target = parts.length == 1 ? parts[0] : parts[1];
    if (!target.startsWith("/")) {
      throw invalid(text, "the path inside the container, \"" + target + "\", must be absolute");
    }
    if (target.equals("/")) {
      throw invalid(text, "destination can't be '/'");
    }
    Options options = options(text, parts.length == 3 ? parts[2] : "");
    if (parts.length == 1) {
      return volume(Optional.empty(), target, options);
    }
    String source = parts[0];
    boolean path = source.startsWith(".") || source.startsWith("/");
    if (path) {
      return new MountRequest.Bind(
          paths.absolute(source),
          target,
          options.readOnly,
          options.propagation,
          true,
          true,
          options.readOnly);
    }
    if (!options.propagation.equals(MountSyntax.PRIVATE)) {
      throw invalid(text, "propagation is for host paths, not for volumes");
    }
    return volume(Optional.of(source), target, options);
  }

  private static MountRequest volume(Optional<String> name, String target, Options options) {
    return new MountRequest.Volume(
        name,
        target,
        options.readOnly,
        options.copy,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Map.of());
  }

  private record Options(boolean readOnly, boolean copy, String propagation) {}

  /**
   * {@code z} and {@code Z} relabel files for SELinux; without SELinux they mean nothing, and
   * Coffer sets no labels. {@code cached}, {@code delegated} and {@code consistent} mean nothing on
   * Linux.
   */
  private static Options options(String text, String given) {
    boolean readOnly = false;
    boolean copy = true;
    String propagation = MountSyntax.PRIVATE;
    for (String option : given.isEmpty() ? List.<String>of() : List.of(given.split(","))) {
      switch (option) {
        case "ro" -> readOnly = true;
        case "rw" -> readOnly = false;
        case "nocopy" -> copy = false;
        case "private", "rprivate", "shared", "rshared", "slave", "rslave" -> propagation = option;
        case "z", "Z", "cached", "delegated", "consistent" -> {}
        case String other -> throw invalid(text, "unknown option \"" + other + "\"");
      }
    }
    return new Options(readOnly, copy, propagation);
  }

  private static IllegalArgumentException invalid(String text, String reason) {
    return new IllegalArgumentException("invalid volume specification \"" + text + "\": " + reason);
  }
}

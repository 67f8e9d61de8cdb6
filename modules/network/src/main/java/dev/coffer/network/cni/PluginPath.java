package dev.coffer.network.cni;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where plugins are looked for.
 *
 * @param directories in this order; they need not be there
 */
public record PluginPath(List<Path> directories) {

  /** Where upstream's archives and the packages of distributions have them. */
  public static final PluginPath USUAL =
      new PluginPath(
          List.of(
              Path.of("/opt/cni/bin"),
              Path.of("/usr/lib/cni"),
              Path.of("/usr/libexec/cni"),
              Path.of("/usr/local/libexec/cni")));

  public PluginPath {
    directories = List.copyOf(directories);
  }

  /** The plugin of that name. */
  public Optional<Path> find(String type) {
    return directories.stream()
        .map(directory -> directory.resolve(type))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** As {@code CNI_PATH} says it, for plugins that call others. */
  @Override
  public String toString() {
    return directories.stream().map(Path::toString).collect(Collectors.joining(":"));
  }
}

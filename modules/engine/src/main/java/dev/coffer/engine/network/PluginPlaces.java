package dev.coffer.engine.network;

import dev.coffer.network.cni.ConfigDirectory;
import dev.coffer.network.cni.PluginPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where networks of plugins are configured, where the plugins are, and where it is remembered what
 * they have done. The file {@code cni-directories} of a data root says the first two, where they
 * are not the usual: lines {@code networks DIRECTORY} and {@code plugins DIRECTORY}, the latter
 * perhaps several. Empty lines and such that begin with # say nothing.
 *
 * @param networks directory of configurations; need not be there
 * @param plugins directories of programs
 * @param memory a directory of the engine's own
 */
public record PluginPlaces(ConfigDirectory networks, PluginPath plugins, Path memory) {

  private static final String NAME = "cni-directories";
  private static final Path USUAL_NETWORKS = Path.of("/etc/cni/net.d");

  /**
   * Those of a data root.
   *
   * @throws IllegalArgumentException that names the line which is malformed
   */
  public static PluginPlaces of(Path dataRoot) throws IOException {
    Path file = dataRoot.resolve(NAME);
    Path networks = USUAL_NETWORKS;
    List<Path> plugins = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
          continue;
        }
        String[] words = text.split("\\s+", 2);
        if (words.length < 2 || !words[1].startsWith("/")) {
          throw malformed(line, file);
        }
        switch (words[0]) {
          case "networks" -> networks = Path.of(words[1]);
          case "plugins" -> plugins.add(Path.of(words[1]));
          default -> throw malformed(line, file);
        }
      }
    }
    return new PluginPlaces(
        new ConfigDirectory(networks),
        plugins.isEmpty() ? PluginPath.USUAL : new PluginPath(plugins),
        dataRoot.resolve("networks/cni"));
  }

  /** Whether the networks are this engine's alone; those in the usual directory are the host's. */
  boolean areOwn() {
    return !networks.path().equals(USUAL_NETWORKS);
  }

  private static IllegalArgumentException malformed(String line, Path file) {
    return new IllegalArgumentException(
        "invalid line \"%s\" in %s: expected networks or plugins, and an absolute path"
            .formatted(line.strip(), file));
  }
}

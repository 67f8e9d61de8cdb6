package dev.coffer.network.cni;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a network's configuration says to one plugin.
 *
 * @param type the plugin's name, which is its file's
 * @param capabilities what a runtime may tell it of one container, such as {@code portMappings}
 * @param json all of it but these capabilities
 */
public record PluginConfig(String type, Set<String> capabilities, JsonObject json) {

  public PluginConfig {
    capabilities = Set.copyOf(capabilities);
  }

  static PluginConfig parse(JsonCursor cursor) {
    String type = cursor.field("type").string();
    if (type.isEmpty() || type.contains("/") || type.startsWith(".")) {
      throw cursor.field("type").failure("is no name of a plugin: \"" + type + "\"");
    }
    Set<String> capabilities = new TreeSet<>();
    cursor
        .field("capabilities")
        .map(JsonCursor::bool)
        .forEach(
            (name, wanted) -> {
              if (wanted) {
                capabilities.add(name);
              }
            });
    return new PluginConfig(type, capabilities, cursor.without(List.of("capabilities")));
  }
}

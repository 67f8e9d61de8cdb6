package dev.coffer.network.cni;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A network's configuration: the plugins that make it, one after another.
 *
 * <p>Source: the CNI specification 1.1.0, section 1.
 *
 * @param name the network's
 * @param versions those spoken here in which it may be used, in their order; never none
 * @param disableCheck whether CHECK makes no sense for it
 * @param disableGc whether others use it too, so that what one does not know may not be removed
 * @param plugins in the order of ADD
 * @param json as {@link #parse} takes it, with all of its plugins
 */
public record NetworkList(
    String name,
    List<SpecVersion> versions,
    boolean disableCheck,
    boolean disableGc,
    List<PluginConfig> plugins,
    JsonObject json) {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

  /** What a configuration without a version is of. */
  private static final String OLDEST = "0.1.0";

  public NetworkList {
    versions = List.copyOf(versions);
    plugins = List.copyOf(plugins);
  }

  /**
   * Reads a list, or the configuration of a single plugin.
   *
   * @param document what errors call it
   * @throws dev.coffer.spec.SpecException that names document and place
   */
  public static NetworkList parse(String document, byte[] utf8) {
    return of(JsonCursor.read(document, utf8, Limits.CONFIG), List.of());
  }

  /**
   * As {@link #parse}.
   *
   * @param more plugins after those of the list
   */
  static NetworkList of(JsonCursor cursor, List<JsonCursor> more) {
    String name = cursor.field("name").string();
    if (!NAME.matcher(name).matches()) {
      throw cursor.field("name").failure("is no name of a network: \"" + name + "\"");
    }
    List<JsonCursor> parts = new ArrayList<>();
    boolean single = cursor.field("type").isPresent() && !cursor.field("plugins").isPresent();
    if (single) {
      parts.add(cursor);
    } else {
      parts.addAll(cursor.field("plugins").list(each -> each));
    }
    parts.addAll(more);
    if (parts.isEmpty()) {
      throw cursor.field("plugins").failure("has no plugin");
    }
    return new NetworkList(
        name,
        versions(cursor),
        truth(cursor.field("disableCheck")),
        truth(cursor.field("disableGC")),
        parts.stream().map(PluginConfig::parse).toList(),
        whole(cursor, parts));
  }

  private static List<SpecVersion> versions(JsonCursor cursor) {
    List<String> words = new ArrayList<>(cursor.field("cniVersions").list(JsonCursor::string));
    String first = cursor.field("cniVersion").nonEmpty().orElse(words.isEmpty() ? OLDEST : "");
    if (!first.isEmpty()) {
      words.addFirst(first);
    }
    TreeSet<SpecVersion> known = new TreeSet<>();
    words.forEach(word -> SpecVersion.of(word).ifPresent(known::add));
    if (known.isEmpty()) {
      throw cursor
          .field("cniVersion")
          .failure("not supported: %s (0.3.0 to 1.1.0)".formatted(String.join(", ", words)));
    }
    return List.copyOf(known);
  }

  /** A boolean, for which older configurations have a string. */
  private static boolean truth(JsonCursor cursor) {
    if (cursor.isPresent() && cursor.value().equals(JsonValue.of("true"))) {
      return true;
    }
    return !(cursor.isPresent() && cursor.value().equals(JsonValue.of("false")))
        && cursor.boolOrFalse();
  }

  /** Says everything once, in whatever files it was. */
  private static JsonObject whole(JsonCursor cursor, List<JsonCursor> parts) {
    JsonObject.Builder json = JsonObject.builder();
    for (String field : List.of("cniVersion", "cniVersions", "name", "disableCheck", "disableGC")) {
      cursor.field(field).optional(JsonCursor::value).ifPresent(value -> json.put(field, value));
    }
    return json.put("plugins", JsonArray.of(parts, JsonCursor::value)).build();
  }

  /** Whether one of its plugins takes this of a container. */
  public boolean can(String capability) {
    return plugins.stream().anyMatch(each -> each.capabilities().contains(capability));
  }
}

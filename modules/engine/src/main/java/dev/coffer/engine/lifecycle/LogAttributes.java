package dev.coffer.engine.lifecycle;

import dev.coffer.engine.model.LogRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonValue;
import java.util.Map;
import java.util.TreeMap;

/** What {@code --log-opt labels=}, {@code env=} and {@code tag=} add to each line of json-file. */
final class LogAttributes {

  private LogAttributes() {}

  /** A JSON object's text, or empty. */
  static String of(ContainerConfig config) {
    LogRequest request = config.request().logging();
    Map<String, String> attributes = new TreeMap<>();
    for (String name : names(request, "labels")) {
      String value = config.labels().get(name);
      if (value != null) {
        attributes.put(name, value);
      }
    }
    for (String name : names(request, "env")) {
      config.process().environment().stream()
          .filter(entry -> entry.startsWith(name + "="))
          .forEach(entry -> attributes.put(name, entry.substring(name.length() + 1)));
    }
    String tag = request.options().getOrDefault("tag", "");
    if (!tag.isEmpty()) {
      attributes.put("tag", expand(tag, config));
    }
    if (attributes.isEmpty()) {
      return "";
    }
    return Json.write(JsonValue.ofStrings(attributes));
  }

  private static String[] names(LogRequest request, String option) {
    String list = request.options().getOrDefault(option, "");
    return list.isEmpty() ? new String[0] : list.split(",", -1);
  }

  /** The templates that Docker documents for tags. */
  private static String expand(String tag, ContainerConfig config) {
    return tag.replace("{{.ID}}", config.shortId())
        .replace("{{.FullID}}", config.id())
        .replace("{{.Name}}", config.name())
        .replace("{{.ImageID}}", config.imageId())
        .replace("{{.ImageName}}", config.imageReference());
  }
}

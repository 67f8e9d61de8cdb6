package dev.coffer.image.registry.config;

import com.electronwill.nightconfig.core.Config;
import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.core.io.ParsingMode;
import com.electronwill.nightconfig.toml.TomlFormat;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.coffer.image.ImageException;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonBoolean;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Reads TOML into the values that JSON has, so that both are decoded alike. */
final class Toml {

  private Toml() {}

  /**
   * Reads a file; empty when there is none.
   *
   * @throws ImageException INVALID_REQUEST when it is malformed or too large
   */
  static Optional<JsonCursor> read(Path file) throws IOException {
    Optional<byte[]> bytes = ConfigFile.read(file);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(file, bytes.get()));
  }

  private static JsonCursor parse(Path file, byte[] bytes) throws ImageException {
    // Mirrors are asked in the order in which they stand.
    Config table = TomlFormat.newConfig(LinkedHashMap::new);
    try {
      new TomlParser().parse(new String(bytes, StandardCharsets.UTF_8), table, ParsingMode.REPLACE);
      return JsonCursor.of(file.toString(), object(table));
    } catch (ParsingException | StackOverflowError e) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST,
          "cannot read \"%s\": invalid TOML: %s".formatted(file, firstLine(e)),
          e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static JsonObject object(UnmodifiableConfig table) {
    JsonObject.Builder members = JsonObject.builder();
    table.entrySet().forEach(entry -> members.put(entry.getKey(), value(entry.getRawValue())));
    return members.build();
  }

  private static JsonValue value(Object value) {
    return switch (value) {
      case UnmodifiableConfig table -> object(table);
      case List<?> list -> JsonArray.of(list, Toml::value);
      case Boolean truth -> JsonBoolean.of(truth);
      case Integer number -> JsonNumber.of(number);
      case Long number -> JsonNumber.of(number);
      case Number number -> JsonNumber.of(number.doubleValue());
      default -> new JsonString(String.valueOf(value));
    };
  }
}

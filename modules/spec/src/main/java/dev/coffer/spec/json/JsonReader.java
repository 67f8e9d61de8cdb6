package dev.coffer.spec.json;

import dev.coffer.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Builds a tree from the tokens of one document. */
final class JsonReader {
  private final Limits limits;

  JsonReader(Limits limits) {
    this.limits = limits;
  }

  JsonValue read(String text) {
    try (JsonParser parser = factory().createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new SpecException("invalid JSON: the document is empty");
      }
      JsonValue value = value(parser, first);
      if (parser.nextToken() != null) {
        throw failure(parser.currentTokenLocation(), "more text after the end of the document");
      }
      return value;
    } catch (JacksonException e) {
      throw failure(e.getLocation(), firstSentence(e.getOriginalMessage()));
    }
  }

  private JsonFactory factory() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.maxDepth())
            .maxStringLength(limits.maxStringLength())
            .maxNameLength(limits.maxStringLength())
            .maxNumberLength(limits.maxNumberLength())
            .build();
    return JsonFactory.builder()
        .streamReadConstraints(constraints)
        .configure(
            StreamReadFeature.STRICT_DUPLICATE_DETECTION,
            limits.duplicateKeys() == Limits.DuplicateKeys.REFUSE)
        .build();
  }

  private JsonValue value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new JsonString(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getString());
      case VALUE_TRUE -> JsonBoolean.TRUE;
      case VALUE_FALSE -> JsonBoolean.FALSE;
      case VALUE_NULL -> JsonNull.NULL;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("unexpected token " + token);
    };
  }

  private JsonObject object(JsonParser parser) {
    SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      members.put(name, value(parser, parser.nextToken()));
    }
    return new JsonObject(members);
  }

  private JsonArray array(JsonParser parser) {
    List<JsonValue> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(parser, token));
    }
    return new JsonArray(elements);
  }

  private static SpecException failure(TokenStreamLocation where, String problem) {
    String place =
        where == null || where.getLineNr() < 1
            ? ""
            : " at line " + where.getLineNr() + ", column " + where.getColumnNr();
    return new SpecException("invalid JSON" + place + ": " + problem);
  }

  /** The library's messages are long; what follows the first line is about its own settings. */
  private static String firstSentence(String message) {
    String line = message.lines().findFirst().orElse("malformed");
    return line.isEmpty()
        ? line
        : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
  }
}

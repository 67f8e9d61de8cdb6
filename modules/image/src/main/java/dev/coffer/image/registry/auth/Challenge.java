package dev.coffer.image.registry.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One way in that a server offers with 401.
 *
 * @param scheme in lower case: {@code basic}, {@code bearer}
 * @param parameters by name in lower case
 */
public record Challenge(String scheme, Map<String, String> parameters) {

  public Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * Reads {@code WWW-Authenticate} fields, each of which may hold several challenges. What cannot
   * be understood is passed over.
   *
   * <p>Source: RFC 9110 section 11.6.1.
   */
  public static List<Challenge> parse(List<String> fields) {
    List<Challenge> challenges = new ArrayList<>();
    fields.forEach(field -> new Parser(field, challenges).parse());
    return List.copyOf(challenges);
  }

  private static final class Parser {
    private final String text;
    private final List<Challenge> found;
    private int at;

    Parser(String text, List<Challenge> found) {
      this.text = text;
      this.found = found;
    }

    void parse() {
      String scheme = "";
      Map<String, String> parameters = new LinkedHashMap<>();
      while (true) {
        skip(" \t,");
        String word = token();
        if (word.isEmpty()) {
          break;
        }
        int afterWord = at;
        skip(" \t");
        if (at < text.length() && text.charAt(at) == '=' && !scheme.isEmpty()) {
          at++;
          skip(" \t");
          parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value());
        } else {
          at = afterWord;
          add(scheme, parameters);
          scheme = word.toLowerCase(Locale.ROOT);
          parameters = new LinkedHashMap<>();
        }
      }
      add(scheme, parameters);
    }

    private void add(String scheme, Map<String, String> parameters) {
      if (!scheme.isEmpty()) {
        found.add(new Challenge(scheme, parameters));
      }
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String token() {
      int from = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return token();
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at));
      }
      at = Math.min(at + 1, text.length());
      return value.toString();
    }
  }
}

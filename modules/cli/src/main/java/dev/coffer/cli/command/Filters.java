package dev.coffer.cli.command;

import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --filter key=value}, which may be given many times. */
final class Filters {

  private static final Type<Map<String, List<String>>> TYPE =
      new Type<>("filter", true, Map.of(), Filters::add);

  private Filters() {}

  /** The option of what lists things. */
  static Option<Map<String, List<String>>> option() {
    return Option.of("filter", 'f', TYPE, "Filter output based on conditions provided");
  }

  /** The option of what removes things, whose {@code -f} is for force. */
  static Option<Map<String, List<String>>> ofRemoval() {
    return Option.of("filter", TYPE, "Provide filter values (e.g. \"label=<key>=<value>\")");
  }

  private static Map<String, List<String>> add(Map<String, List<String>> before, String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("bad format of filter (expected name=value)");
    }
    Map<String, List<String>> joined = new LinkedHashMap<>(before);
    String key = text.substring(0, equals).strip().toLowerCase(java.util.Locale.ROOT);
    List<String> values = new ArrayList<>(joined.getOrDefault(key, List.of()));
    values.add(text.substring(equals + 1).strip());
    joined.put(key, List.copyOf(values));
    return Collections.unmodifiableMap(joined);
  }
}

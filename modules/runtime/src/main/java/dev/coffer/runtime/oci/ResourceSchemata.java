package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.IntelRdt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@code schemata} file of the resctrl file system says (Documentation/filesystems/
 * resctrl.rst): for each resource, such as {@code L3} or {@code MB}, a value for each of its
 * domains. Of several lines for one domain the last counts.
 *
 * @param values by resource, then by domain
 */
record ResourceSchemata(Map<String, Map<String, String>> values) {
  private static final String BANDWIDTH = "MB:";

  /** Those of a file's lines; what is not of that form says nothing. */
  static ResourceSchemata of(List<String> lines) {
    Map<String, Map<String, String>> values = new LinkedHashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String resource = line.substring(0, colon).strip();
        for (String domain : line.substring(colon + 1).split(";", -1)) {
          int equals = domain.indexOf('=');
          if (equals > 0) {
            values
                .computeIfAbsent(resource, _ -> new LinkedHashMap<>())
                .put(domain.substring(0, equals).strip(), plain(domain.substring(equals + 1)));
          }
        }
      }
    }
    return new ResourceSchemata(values);
  }

  /** Those that a config asks for, in the order of the specification. */
  static ResourceSchemata of(IntelRdt wanted) {
    Stream<String> cache =
        wanted.l3CacheSchema().stream()
            .flatMap(String::lines)
            .filter(line -> wanted.memBwSchema().isEmpty() || !line.startsWith(BANDWIDTH));
    return of(
        Stream.of(cache, wanted.memBwSchema().stream(), wanted.schemata().stream())
            .flatMap(lines -> lines)
            .toList());
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * The first of the wanted values that differs here, as {@code MB:0=20}; empty: none does.
   *
   * @param steps by resource, to a multiple of what the kernel rounds up what is written there
   *     ({@code info/MB/bandwidth_gran})
   */
  Optional<String> missing(ResourceSchemata wanted, Map<String, Long> steps) {
    return wanted.values.entrySet().stream()
        .flatMap(
            resource ->
                resource.getValue().entrySet().stream()
                    .filter(domain -> !has(resource.getKey(), domain, steps))
                    .map(domain -> resource.getKey() + ":" + domain))
        .findFirst();
  }

  private boolean has(String resource, Map.Entry<String, String> wanted, Map<String, Long> steps) {
    String found = values.getOrDefault(resource, Map.of()).get(wanted.getKey());
    return wanted.getValue().equals(found)
        || (steps.containsKey(resource)
            && roundedUp(wanted.getValue(), steps.get(resource))
                .equals(Optional.ofNullable(found)));
  }

  private static Optional<String> roundedUp(String value, long step) {
    try {
      return Optional.of(Long.toString(Math.ceilDiv(Long.parseLong(value), step) * step));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The kernel fills a value up on its left, with spaces or zeros. */
  private static String plain(String value) {
    return value.strip().toLowerCase(Locale.ROOT).replaceFirst("^0+(?=.)", "");
  }
}

package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.LabelFilter;
import dev.coffer.engine.model.NetworkSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The filters of {@code network ls}: of several values of one filter any may match, but all labels
 * must; all filters must match.
 */
public final class NetworkFilters {

  private final Predicate<NetworkSummary> predicate;

  private NetworkFilters(List<Predicate<NetworkSummary>> all) {
    this.predicate = all.stream().reduce(_ -> true, Predicate::and);
  }

  /**
   * Those of a list.
   *
   * @param used whether a container is in a network
   * @throws EngineException INVALID for an unknown filter or value
   */
  public static NetworkFilters of(
      Map<String, List<String>> filters, Predicate<NetworkSummary> used) {
    List<Predicate<NetworkSummary>> all = new ArrayList<>();
    filters.forEach(
        (name, values) -> {
          switch (name) {
            case "id" -> all.add(any(values, value -> network -> network.id().contains(value)));
            case "name" -> all.add(any(values, value -> network -> network.name().contains(value)));
            case "driver" -> all.add(any(values, value -> n -> n.driver().equals(value)));
            case "scope" -> all.add(any(values, value -> _ -> value.equals("local")));
            case "type" -> all.add(any(values, NetworkFilters::type));
            case "dangling" ->
                all.add(any(values, value -> n -> truth(value) == isDangling(n, used)));
            case "label" ->
                values.forEach(value -> all.add(n -> LabelFilter.matches(n.labels(), value)));
            case String other ->
                throw unknown(other, "dangling, driver, id, label, name, scope, type");
          }
        });
    return new NetworkFilters(all);
  }

  /** Whether a network passes. */
  public boolean matches(NetworkSummary network) {
    return predicate.test(network);
  }

  private interface Filter {
    Predicate<NetworkSummary> of(String value);
  }

  private static Predicate<NetworkSummary> any(List<String> values, Filter filter) {
    return values.stream().map(filter::of).reduce(_ -> false, Predicate::or);
  }

  private static Predicate<NetworkSummary> type(String value) {
    return switch (value) {
      case "builtin" -> network -> NetworkOwner.isBuiltIn(network.name());
      case "custom" -> network -> !NetworkOwner.isBuiltIn(network.name());
      default -> throw invalid("type", value, "builtin or custom");
    };
  }

  private static boolean isDangling(NetworkSummary network, Predicate<NetworkSummary> used) {
    return !NetworkOwner.isBuiltIn(network.name()) && !used.test(network);
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw invalid("dangling", value, "true or false");
    };
  }

  private static EngineException invalid(String name, String value, String allowed) {
    return new EngineException(
        Kind.INVALID, "invalid filter \"%s=%s\" (%s)".formatted(name, value, allowed));
  }

  private static EngineException unknown(String name, String allowed) {
    return new EngineException(Kind.INVALID, "invalid filter \"%s\" (%s)".formatted(name, allowed));
  }
}

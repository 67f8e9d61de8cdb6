package dev.coffer.network.input;

import dev.coffer.kernel.KernelException;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.TableName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a host's rules the kernel does not take for packets that are not received. For one thread
 * at a time.
 */
final class Refusals {
  private final Map<Listed.Rule, String> rules = new LinkedHashMap<>();
  private final Map<TableName, String> tables = new LinkedHashMap<>();

  Refusals() {}

  /** Notes why a rule was refused, and answers that as one line. */
  String add(Listed.Rule rule, KernelException cause) {
    String line =
        "rule %d of chain \"%s\" in table \"%s\" cannot be asked about published ports: %s"
            .formatted(
                rule.number(),
                rule.chain(),
                rule.table(),
                KernelException.describe(cause.number()));
    rules.put(rule, line);
    return line;
  }

  /** Notes why something else of a table was refused, and answers that as one line. */
  String add(TableName table, KernelException cause) {
    return add(table, KernelException.describe(cause.number()));
  }

  /** Notes why a table is not copied, and answers that as one line. */
  String add(TableName table, String cause) {
    String line = "table \"%s\" cannot be asked about published ports: %s".formatted(table, cause);
    tables.put(table, line);
    return line;
  }

  boolean has(Listed.Rule rule) {
    return rules.containsKey(rule);
  }

  boolean has(TableName table) {
    return tables.containsKey(table);
  }

  /** Forgets what is not there any more. */
  void retain(HostInput input) {
    Set<Listed.Rule> present = new HashSet<>();
    Set<TableName> names = new HashSet<>();
    for (HostInput.Source source : input.sources()) {
      names.add(source.table());
      present.addAll(source.rules());
    }
    rules.keySet().retainAll(present);
    tables.keySet().retainAll(names);
  }

  /** Forgets that tables were refused as a whole, which may have been for what has changed. */
  void forgetTables() {
    tables.clear();
  }

  /** One of them as a line. */
  Optional<String> first() {
    return tables.values().stream().findFirst().or(() -> rules.values().stream().findFirst());
  }
}

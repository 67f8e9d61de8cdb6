package dev.coffer.network.input;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.network.input.HostInput.Source;
import dev.coffer.network.nft.Hook.Point;
import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.Listing;
import dev.coffer.network.nft.Step;
import dev.coffer.network.nft.Step.Decided;
import dev.coffer.network.nft.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what others have hooked where the host receives packets. */
final class InputReader {
  /** What others change meanwhile is read again, but they may never stop; and are heard. */
  private static final int TRIES = 4;

  /** Rules and elements of a table; lists of addresses may have millions. */
  private static final int MOST = 100_000;

  private final Listing listing;

  InputReader(Listing listing) {
    this.listing = listing;
  }

  /** Whether packets that a host receives come into a chain. */
  static boolean isInput(Listed.Chain chain) {
    return chain
        .base()
        .filter(base -> Point.INPUT.is(base.point()) && base.kind().equals("filter"))
        .isPresent();
  }

  HostInput read() throws KernelException {
    for (int attempt = 1; ; attempt++) {
      int before = listing.generation();
      try {
        HostInput read = read(before);
        boolean lasted = read.tables().isEmpty() || listing.generation() == before;
        if (lasted || attempt == TRIES) {
          return read;
        }
      } catch (KernelException e) {
        // What was there a moment ago has gone.
        if (!e.is(Errno.ENOENT) || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private HostInput read(int generation) throws KernelException {
    Map<TableName, List<Listed.Chain>> bases =
        listing.chains().stream()
            .filter(InputReader::isInput)
            .collect(
                Collectors.groupingBy(
                    Listed.Chain::table, LinkedHashMap::new, Collectors.toList()));
    Set<TableName> tables = Set.copyOf(bases.keySet());
    List<Source> sources = new ArrayList<>();
    if (!bases.isEmpty()) {
      listing.tables().stream()
          .filter(Listed.Table::asleep)
          .forEach(table -> bases.remove(table.table()));
    }
    for (Map.Entry<TableName, List<Listed.Chain>> each : bases.entrySet()) {
      Source source = new Reached(each.getKey()).from(each.getValue());
      if (!source.bases().isEmpty()) {
        sources.add(source);
      }
    }
    return new HostInput(generation, tables, sources);
  }

  /** What chains of a table lead to. */
  private final class Reached {
    private final TableName table;
    private final Map<String, List<Listed.Rule>> rules;
    private final Map<String, Listed.Collection> collections = new LinkedHashMap<>();

    Reached(TableName table) throws KernelException {
      this.table = table;
      this.rules = listing.rules(table).stream().collect(Collectors.groupingBy(Listed.Rule::chain));
    }

    /** Leaves out chains that packets leave as if they were not there. */
    Source from(List<Listed.Chain> bases) throws KernelException {
      List<Listed.Chain> kept = new ArrayList<>();
      Set<String> chains = new LinkedHashSet<>();
      for (Listed.Chain base : bases) {
        Set<String> reached = follow(base.name());
        if (base.base().orElseThrow().drops() || !Effect.isNone(of(reached))) {
          kept.add(base);
          chains.addAll(reached);
        }
      }
      List<Listed.Rule> reached = of(chains);
      Set<String> asked = asked(reached);
      boolean names = steps(reached).anyMatch(step -> step.is("objref"));
      Source source =
          new Source(
              table,
              kept,
              List.copyOf(chains),
              reached,
              collections.values().stream().filter(each -> asked.contains(each.name())).toList(),
              names ? listing.named(table) : List.of(),
              false);
      return size(source) > MOST ? source.tooLarge() : source;
    }

    private List<Listed.Rule> of(Set<String> chains) {
      return chains.stream()
          .flatMap(chain -> rules.getOrDefault(chain, List.of()).stream())
          .toList();
    }

    private Set<String> follow(String base) throws KernelException {
      Set<String> reached = new LinkedHashSet<>();
      Deque<String> open = new ArrayDeque<>(List.of(base));
      while (!open.isEmpty()) {
        String chain = open.pop();
        if (reached.add(chain)) {
          List<Listed.Rule> own = of(Set.of(chain));
          steps(own)
              .flatMap(step -> step.decides().flatMap(Decided::chain).stream())
              .forEach(open::push);
          for (Listed.Collection map : read(asked(own))) {
            map.verdicts().forEach(verdict -> verdict.chain().ifPresent(open::push));
          }
        }
      }
      return reached;
    }

    private List<Listed.Collection> read(Set<String> asked) throws KernelException {
      Set<String> unread = new LinkedHashSet<>(asked);
      unread.removeAll(collections.keySet());
      if (!unread.isEmpty()) {
        listing.collections(table, unread).forEach(each -> collections.put(each.name(), each));
      }
      return asked.stream().map(collections::get).filter(Objects::nonNull).toList();
    }
  }

  private static long size(Source source) {
    return source.rules().size()
        + source.collections().stream().mapToLong(each -> each.elements().size()).sum();
  }

  private static Stream<Step> steps(List<Listed.Rule> rules) {
    return rules.stream().flatMap(rule -> rule.steps().stream());
  }

  /** Names of the sets and maps that rules ask. */
  private static Set<String> asked(List<Listed.Rule> rules) {
    return steps(rules)
        .flatMap(step -> step.set().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}

package dev.coffer.network.input;

import dev.coffer.network.nft.Listed;
import dev.coffer.network.nft.TableName;
import java.util.List;
import java.util.Set;

/**
 * What others have hooked where the host receives packets.
 *
 * @param generation the ruleset's number when this was read
 * @param tables all tables with chains there, also such that let everything pass
 * @param sources those that may drop something
 */
record HostInput(int generation, Set<TableName> tables, List<Source> sources) {
  HostInput {
    tables = Set.copyOf(tables);
    sources = List.copyOf(sources);
  }

  /** Whether it says the same as another, which may have been read at another time. */
  boolean saysTheSameAs(HostInput other) {
    return sources.equals(other.sources);
  }

  /**
   * What a table has to say, and no more.
   *
   * @param bases chains that packets come into
   * @param chains these and all that they lead to
   * @param rules of all of these
   * @param collections sets and maps that the rules ask
   * @param named what else the rules name
   * @param isTooLarge whether there is so much of it that but the bases were kept
   */
  record Source(
      TableName table,
      List<Listed.Chain> bases,
      List<String> chains,
      List<Listed.Rule> rules,
      List<Listed.Collection> collections,
      List<Listed.Named> named,
      boolean isTooLarge) {
    Source {
      bases = List.copyOf(bases);
      rules = List.copyOf(rules);
      chains = List.copyOf(chains);
      collections = List.copyOf(collections);
      named = List.copyOf(named);
    }

    /** One of which no more is kept than where packets come in. */
    Source tooLarge() {
      return new Source(table, bases, List.of(), List.of(), List.of(), List.of(), true);
    }
  }
}

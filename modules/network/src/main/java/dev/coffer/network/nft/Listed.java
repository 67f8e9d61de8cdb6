package dev.coffer.network.nft;

import dev.coffer.network.nft.Step.Decided;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is in nf_tables, as {@link Listing} reads it. */
public sealed interface Listed {
  /** The table that it is in, or is. */
  TableName table();

  /**
   * A table.
   *
   * @param asleep whether packets pass it by
   */
  record Table(TableName table, boolean asleep) implements Listed {}

  /**
   * A chain.
   *
   * @param base where packets come into it; empty where only other chains lead to it
   */
  record Chain(TableName table, String name, Optional<Base> base) implements Listed {}

  /**
   * Where packets come into a chain.
   *
   * @param kind such as {@code filter}
   * @param point the kernel's number of it
   * @param priority earlier (lower) or later than others at the same point
   * @param drops whether it drops what none of its rules decides on
   */
  record Base(String kind, int point, int priority, boolean drops) {}

  /**
   * A rule.
   *
   * @param number by which the kernel finds it
   * @param comment what it is for; may be empty
   */
  record Rule(TableName table, String chain, long number, String comment, List<Step> steps)
      implements Listed {
    public Rule {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A set or a map.
   *
   * @param attributes all of it but its table and what the kernel adds, by number
   * @param elements what is in it, in the kernel's bytes
   */
  record Collection(
      TableName table, String name, Map<Integer, Value> attributes, List<Value> elements)
      implements Listed {
    public Collection {
      attributes = Map.copyOf(attributes);
      elements = List.copyOf(elements);
    }

    /** Verdicts that it has for keys. */
    public List<Decided> verdicts() {
      return elements.stream()
          .flatMap(element -> Step.decided(Step.nested(element, 2)).stream())
          .toList();
    }
  }

  /**
   * A counter, limit or the like that has a name.
   *
   * @param attributes all of it but its table and what the kernel adds, by number
   */
  record Named(TableName table, String name, Map<Integer, Value> attributes) implements Listed {
    public Named {
      attributes = Map.copyOf(attributes);
    }
  }
}

package dev.coffer.image.registry.auth;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a token is good for, such as {@code repository:library/busybox:pull}.
 *
 * <p>Source: Docker's "Token scope and access".
 *
 * @param type such as {@code repository}
 * @param name such as {@code library/busybox}
 * @param actions what may be done
 */
public record Scope(String type, String name, Set<String> actions) implements Comparable<Scope> {
  private static final Comparator<Scope> ORDER = Comparator.comparing(Scope::toString);

  public Scope {
    actions = Set.copyOf(actions);
  }

  /** Reading a repository. */
  public static Scope pull(String repository) {
    return new Scope("repository", repository, Set.of("pull"));
  }

  /** Reading and writing a repository. */
  public static Scope push(String repository) {
    return new Scope("repository", repository, Set.of("pull", "push"));
  }

  /** Deleting from a repository. */
  public static Scope delete(String repository) {
    return new Scope("repository", repository, Set.of("pull", "delete"));
  }

  /** Reads the text form; empty when it is something else. */
  static Optional<Scope> parse(String text) {
    int first = text.indexOf(':');
    int last = text.lastIndexOf(':');
    return first < 0 || first == last
        ? Optional.empty()
        : Optional.of(
            new Scope(
                text.substring(0, first),
                text.substring(first + 1, last),
                Set.copyOf(List.of(text.substring(last + 1).split(",")))));
  }

  /** These scopes and those that a server names, without those that are covered by others. */
  static SequencedSet<Scope> union(Set<Scope> own, String named) {
    TreeSet<Scope> all = new TreeSet<>(own);
    for (String word : named.split(" ")) {
      parse(word).filter(more -> own.stream().noneMatch(it -> it.covers(more))).ifPresent(all::add);
    }
    return all;
  }

  private boolean covers(Scope other) {
    return type.equals(other.type) && name.equals(other.name) && actions.containsAll(other.actions);
  }

  @Override
  public int compareTo(Scope other) {
    return ORDER.compare(this, other);
  }

  /** The text form. */
  @Override
  public String toString() {
    return type + ":" + name + ":" + String.join(",", new TreeSet<>(actions));
  }
}

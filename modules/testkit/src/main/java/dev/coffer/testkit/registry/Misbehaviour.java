package dev.coffer.testkit.registry;

import java.io.IOException;
import java.util.List;

/**
 * One way in which a registry can be wrong, hostile or dying, and what a client must make of it.
 *
 * <p>Whatever it is, the client's store stays as it was, its message is one printable line that
 * names the registry, and the same request succeeds when the registry behaves again.
 *
 * @param title what the registry does
 * @param action what the client was about to do
 * @param deed makes a registry do it
 * @param outcome what comes of it
 */
public record Misbehaviour(String title, Action action, Deed deed, Outcome outcome) {

  /** What a client wants of a registry. */
  public enum Action {
    PULL,
    PUSH,
    LIST_TAGS,
    LIST_REFERRERS
  }

  /** Makes a registry misbehave. */
  @FunctionalInterface
  public interface Deed {
    /** Arranges it. */
    void arrange(HostileRegistry registry) throws IOException;
  }

  /** What comes of it. */
  public sealed interface Outcome {
    /** It is put up with. */
    record Success() implements Outcome {}

    /**
     * It is an error.
     *
     * @param kind name of the kind of error
     * @param parts what its message has, too; {@code {layer}}, {@code {config}} and {@code
     *     {manifest}} stand for digests
     */
    record Failure(String kind, List<String> parts) implements Outcome {
      public Failure {
        parts = List.copyOf(parts);
      }
    }
  }

  static Misbehaviour fails(Action action, String title, String kind, Deed deed, String... parts) {
    return new Misbehaviour(title, action, deed, new Outcome.Failure(kind, List.of(parts)));
  }

  static Misbehaviour succeeds(Action action, String title, Deed deed) {
    return new Misbehaviour(title, action, deed, new Outcome.Success());
  }

  @Override
  public String toString() {
    return action + ": " + title;
  }
}

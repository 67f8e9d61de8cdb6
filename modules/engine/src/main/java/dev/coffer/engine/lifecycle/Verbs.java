package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.Verb;

/** Asks the table of {@link Verb} on behalf of a handler. */
public final class Verbs {

  private Verbs() {}

  /**
   * Whether there is something to do.
   *
   * @param word the verb as it stands in an error, such as {@code start}
   * @throws EngineException CONFLICT when the container's state does not allow it
   */
  public static boolean goesOn(Verb verb, Container container, String word) {
    return switch (verb.in(container.state().status())) {
      case Verb.Go _ -> true;
      case Verb.AlreadySo _ -> false;
      case Verb.Refused(String reason) ->
          throw new EngineException(
              Kind.CONFLICT,
              "cannot " + word + " container \"" + container.name() + "\": " + reason);
    };
  }
}

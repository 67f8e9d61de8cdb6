package dev.coffer.engine.create;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;

/** Shorthand for the errors of a request. */
final class Refusal {

  private Refusal() {}

  /** The request contradicts itself or a rule; the cause may name the way out in brackets. */
  static EngineException invalid(String cause) {
    return new EngineException(Kind.INVALID, "cannot create container: " + cause);
  }

  /** Coffer does not do this. */
  static EngineException notSupported(String what) {
    return new EngineException(
        Kind.NOT_SUPPORTED, "cannot create container: not supported: " + what);
  }
}

package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.bootstrap.Bootstrapper;
import dev.coffer.engine.command.ImageCommand.Bootstrap;
import dev.coffer.engine.create.ImageErrors;
import java.io.IOException;

/** {@code bootstrap}: an image from a distribution's package archive. */
public final class BootstrapImage {
  private final Bootstrapper bootstrapper;

  /** Handles with this. */
  public BootstrapImage(Bootstrapper bootstrapper) {
    this.bootstrapper = bootstrapper;
  }

  /** Carries the command out. */
  public String handle(Bootstrap command) {
    String what = "cannot bootstrap \"" + command.request().distribution() + "\"";
    try {
      return bootstrapper.run(command.request(), command.messages()).id().toString();
    } catch (IOException e) {
      throw ImageErrors.of(what, e);
    } catch (IllegalArgumentException e) {
      throw new EngineException(Kind.INVALID, what + ": " + e.getMessage(), e);
    }
  }
}

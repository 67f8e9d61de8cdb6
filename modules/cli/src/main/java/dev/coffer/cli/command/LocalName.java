package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.NameInStore;
import dev.coffer.spec.image.Platform;
import java.util.Optional;

/** What a user's text names in the store: the same for all commands, whatever is configured. */
final class LocalName {

  private LocalName() {}

  /** The name by which the store has it, or the text itself when it has nothing else. */
  static String of(EngineRequest request, Engine engine, String text) {
    return of(request, engine, text, Optional.empty());
  }

  /** The same for a platform, if one is given. */
  static String of(EngineRequest request, Engine engine, String text, Optional<Platform> platform) {
    return engine.execute(new NameInStore(text, platform, RegistryFlags.plain(request)));
  }
}

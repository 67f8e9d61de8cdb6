package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.RegistryCommand.Logout;
import java.util.List;

/** {@code coffer logout}. */
final class LogoutCommand implements CliCommand {

  private static final RegistryFlags FLAGS = new RegistryFlags();

  private static final CommandModel MODEL =
      CommandModel.of("logout", "[SERVER]", "Log out from a registry", 0, 1, FLAGS.authFile());

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    String registry = LoginCommand.registry(arguments);
    List<String> files = engine.execute(new Logout(registry, FLAGS.access(request, arguments)));
    request.line(
        files.isEmpty()
            ? "Not logged in to " + registry
            : "Removing login credentials for " + registry);
    return 0;
  }
}

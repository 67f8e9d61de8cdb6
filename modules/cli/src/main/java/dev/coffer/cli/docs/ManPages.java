package dev.coffer.cli.docs;

import dev.coffer.cli.command.Commands;
import dev.coffer.cli.help.ManPage;
import dev.coffer.cli.oci.OciCommandLine;
import dev.coffer.cli.oci.OciCommands;
import dev.coffer.cli.option.CommandModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the manual pages into a directory: {@code ManPages DIRECTORY}. */
public final class ManPages {

  private ManPages() {}

  /** Writes them all. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    List<CommandModel> models = Commands.models();
    Files.writeString(
        directory.resolve(ManPage.fileName("")), ManPage.overview(Commands.PURPOSE, models));
    for (CommandModel model : models) {
      Files.writeString(directory.resolve(ManPage.fileName(model.path())), ManPage.render(model));
    }
    Files.writeString(
        directory.resolve(OciCommandLine.PROGRAM + ".1"),
        ManPage.whole(OciCommandLine.PROGRAM, OciCommands.globals(), OciCommands.models()));
  }
}

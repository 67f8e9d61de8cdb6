package dev.coffer.cli.docs;

import dev.coffer.cli.command.Commands;
import dev.coffer.cli.help.CompletionScripts;
import dev.coffer.cli.oci.OciCommandLine;
import dev.coffer.cli.oci.OciCommands;
import dev.coffer.cli.option.CommandModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the completion scripts below a share directory: {@code Completions DIRECTORY}. */
public final class Completions {

  private Completions() {}

  /** Writes them where the shells of most distributions look. */
  public static void main(String[] arguments) throws IOException {
    Path share = Path.of(arguments[0]);
    write(share, CommandModel.PROGRAM, Commands.completions());
    write(share, OciCommandLine.PROGRAM, OciCommands.completions());
  }

  private static void write(Path share, String program, CompletionScripts scripts)
      throws IOException {
    write(share.resolve("bash-completion/completions/" + program), scripts.bash());
    write(share.resolve("zsh/site-functions/_" + program), scripts.zsh());
    write(share.resolve("fish/vendor_completions.d/" + program + ".fish"), scripts.fish());
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

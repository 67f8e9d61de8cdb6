package dev.coffer.cli.docs;

import dev.coffer.cli.command.Commands;
import dev.coffer.cli.help.CompletionScripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the completion scripts below a share directory: {@code Completions DIRECTORY}. */
public final class Completions {

  private Completions() {}

  /** Writes them where the shells of most distributions look. */
  public static void main(String[] arguments) throws IOException {
    Path share = Path.of(arguments[0]);
    CompletionScripts scripts = new CompletionScripts(Commands.spellings());
    write(share.resolve("bash-completion/completions/coffer"), scripts.bash());
    write(share.resolve("zsh/site-functions/_coffer"), scripts.zsh());
    write(share.resolve("fish/vendor_completions.d/coffer.fish"), scripts.fish());
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.KillContainer;
import dev.coffer.runtime.process.Signals;
import java.io.IOException;
import java.util.List;

/** {@code coffer-oci kill}. */
final class OciKill implements OciCommand {
  private static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Signal every process of the container");
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci kill",
          "CONTAINER-ID [SIGNAL]",
          "Send a signal to a container (default TERM)",
          1,
          2,
          ALL);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    List<String> words = arguments.positionals();
    String text = words.size() > 1 ? words.get(1) : "TERM";
    int signal =
        text.equals("0")
            ? Signals.NONE
            : Signals.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("unknown signal \"" + text + "\""));
    KillContainer.kill(
        request.host(), request.caller(), words.getFirst(), signal, arguments.get(ALL));
    return 0;
  }
}

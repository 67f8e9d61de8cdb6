package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.ContainerProcesses;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonValue;
import java.io.IOException;
import java.util.List;

/** {@code coffer-oci ps}. */
final class OciPs implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of(
              "oci ps",
              "CONTAINER-ID [PS-OPTION...]",
              "List the processes of a container, as ps does (default -ef)",
              1,
              CommandModel.MANY,
              ListFormat.OPTION)
          .withOptionsFirst();

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    List<String> words = arguments.positionals();
    String id = words.getFirst();
    request.out(
        switch (ListFormat.of(arguments)) {
          case TABLE ->
              ContainerProcesses.table(
                  request.host(), request.caller(), id, words.subList(1, words.size()));
          case JSON ->
              Json.write(
                      JsonValue.ofNumbers(
                          ContainerProcesses.pids(request.host(), request.caller(), id)))
                  + "\n";
        });
    return 0;
  }
}

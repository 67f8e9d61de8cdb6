package dev.coffer.cli.oci;

import dev.coffer.cli.format.Table;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.ContainerState;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.io.IOException;
import java.util.List;

/** {@code coffer-oci list}. */
final class OciList implements OciCommand {
  private static final int NARROWEST = 12;
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Print ids only");
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci list", "", "List the containers of this root", 0, 0, ListFormat.OPTION, QUIET);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    ListFormat format = ListFormat.of(arguments);
    List<ContainerState> states = ContainerState.all(request.host(), request.caller());
    if (arguments.get(QUIET)) {
      states.forEach(state -> request.out(state.id() + "\n"));
      return 0;
    }
    request.out(
        switch (format) {
          case TABLE -> table(states);
          case JSON -> Json.write(JsonArray.of(states, OciList::entry)) + "\n";
        });
    return 0;
  }

  /** Here root has a name, which {@code state} leaves out. */
  private static JsonObject entry(ContainerState state) {
    return state.toJson().with("owner", JsonValue.of(owner(state)));
  }

  static String table(List<ContainerState> states) {
    Table table = new Table(NARROWEST);
    table.add("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
    for (ContainerState state : states) {
      table.add(
          state.id(),
          Integer.toString(state.pid()),
          state.status().spelling(),
          state.bundle(),
          state.created(),
          owner(state));
    }
    return table.render();
  }

  private static String owner(ContainerState state) {
    return state.owner().isEmpty() ? "root" : state.owner();
  }
}

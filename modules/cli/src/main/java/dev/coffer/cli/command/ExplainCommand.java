package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Explain;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.plan.Plan;
import dev.coffer.plan.explain.PlanJson;
import dev.coffer.plan.explain.PlanText;
import dev.coffer.spec.json.Json;
import java.io.IOException;
import java.util.List;

/**
 * {@code coffer explain run}: the system calls that {@code run} would make, and why; none is made.
 */
final class ExplainCommand implements CliCommand {

  private static final Option<Boolean> JSON =
      Option.of("json", Type.toggle(), "Print the plan as data");
  private static final Option<Boolean> DETACH =
      Option.of("detach", 'd', Type.toggle(), "As for run; changes nothing in the plan");
  private static final Option<Boolean> SIG_PROXY =
      Option.of("sig-proxy", Type.toggle(true), "As for run; changes nothing in the plan");

  private static final CommandModel MODEL =
      new CommandModel(
              "explain run",
              List.of("coffer explain run", "coffer explain create"),
              "IMAGE [COMMAND] [ARG...]",
              "Print the system calls that run would make, and why each is there; run nothing",
              ContainerOptions.with(JSON, DETACH, SIG_PROXY, ContainerOptions.DETACH_KEYS),
              1,
              CommandModel.MANY,
              true,
              List.of())
          .withExample("What a memory limit costs", "coffer explain run --memory 64m busybox true")
          .withExample("The same for a program to read", "coffer explain run --json busybox true");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    ContainerRequest wanted =
        ContainerRequests.of(request, arguments, AttachedStreams.of(arguments));
    Plan plan = engine.execute(new Explain(Creation.named(request, wanted, engine)));
    if (arguments.get(JSON)) {
      request.line(Json.writePretty(PlanJson.render(plan)));
    } else {
      request.console().out(PlanText.render(plan));
    }
    return 0;
  }
}

package dev.coffer.cli.command;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.CheckImages;
import dev.coffer.image.CheckReport;
import dev.coffer.image.Finding;
import dev.coffer.image.registry.RegistryAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer image check}. */
final class ImageCheckCommand implements CliCommand {

  private static final Option<Boolean> REPAIR =
      Option.of(
          "repair", Type.toggle(), "Fetch damaged blobs again, and unpack damaged layers again");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Only print what is damaged");

  private final RegistryFlags registry = new RegistryFlags();
  private final CommandModel model = model(registry);

  private static CommandModel model(RegistryFlags registry) {
    List<Option<?>> options = new ArrayList<>(List.of(QUIET, REPAIR));
    options.addAll(registry.options());
    return CommandModel.of(
            "image check",
            "",
            "Check images, blobs and unpacked layers against their digests",
            0,
            0,
            options.toArray(Option<?>[]::new))
        .withExample("Repair what can be had again", "coffer image check --repair");
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    Optional<RegistryAccess> repair =
        arguments.get(REPAIR) ? Optional.of(registry.access(request, arguments)) : Optional.empty();
    CheckReport report = request.console().await(() -> engine.execute(new CheckImages(repair)));
    for (Finding finding : report.findings()) {
      request.line(
          Printable.text(
              "%s: %s (%s)".formatted(finding.object(), finding.problem(), finding.remedy())));
    }
    if (!arguments.get(QUIET)) {
      request.line(
          "Checked %d blobs, %d images, %d layers: %s"
              .formatted(report.blobs(), report.images(), report.layers(), verdict(report)));
    }
    return report.isSound() ? 0 : 1;
  }

  private static String verdict(CheckReport report) {
    long damaged = report.findings().stream().filter(each -> !each.repaired()).count();
    if (report.findings().isEmpty()) {
      return "no damage";
    }
    return damaged == 0
        ? report.findings().size() + " repaired"
        : damaged + " damaged" + (damaged == report.findings().size() ? "" : ", others repaired");
  }
}

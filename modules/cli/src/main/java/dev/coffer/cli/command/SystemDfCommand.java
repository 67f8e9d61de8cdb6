package dev.coffer.cli.command;

import dev.coffer.cli.format.DiskListing;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.SystemCommand.MeasureDisk;
import dev.coffer.engine.model.DiskUsage;

/** {@code coffer system df}. */
final class SystemDfCommand implements CliCommand {

  private static final Option<Boolean> VERBOSE =
      Option.of("verbose", 'v', Type.toggle(), "Show each volume as well");

  private static final CommandModel MODEL =
      CommandModel.of("system df", "", "Show disk usage", 0, 0, CommonOptions.FORMAT, VERBOSE);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    DiskUsage usage = request.console().await(() -> engine.execute(new MeasureDisk()));
    String format = arguments.get(CommonOptions.FORMAT).orElse("");
    StringBuilder text =
        new StringBuilder(
            DiskListing.LISTING.render(format, DiskListing.COLUMNS, DiskListing.kinds(usage)));
    if (arguments.get(VERBOSE)) {
      text.append("\nLocal volumes:\n\n")
          .append(
              DiskListing.VOLUMES.render(
                  "", DiskListing.VOLUME_COLUMNS, DiskListing.volumes(usage)));
    }
    request.console().out(text.toString());
    return 0;
  }
}

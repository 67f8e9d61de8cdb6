package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.MountedImages;
import dev.coffer.engine.command.ImageCommand.UnmountImage;
import dev.coffer.engine.model.MountedImage;
import java.util.List;

/** {@code coffer image unmount}. */
final class ImageUnmountCommand implements CliCommand {

  private static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Unmount all images that are mounted");
  private static final Option<Boolean> FORCE =
      Option.of("force", 'f', Type.toggle(), "Unmount images whose files are in use, too");

  private static final CommandModel MODEL =
      CommandModel.of(
              "image unmount",
              "IMAGE [IMAGE...]",
              "Take mounts of images away",
              0,
              CommandModel.MANY,
              ALL,
              FORCE)
          .withAliases("coffer image unmount", "coffer image umount");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean all = arguments.get(ALL);
    if (all == arguments.positionals().isEmpty()) {
      boolean force = arguments.get(FORCE);
      List<String> images =
          all
              ? engine.execute(new MountedImages()).stream().map(MountedImage::id).toList()
              : arguments.positionals();
      return Each.run(
          request,
          images,
          image ->
              engine
                  .execute(new UnmountImage(LocalName.of(request, engine, image), force))
                  .ifPresent(request::line));
    }
    throw new IllegalArgumentException("name the images to unmount, or give --all");
  }
}

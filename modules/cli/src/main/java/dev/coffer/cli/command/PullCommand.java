package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.Pull;
import dev.coffer.engine.command.TransferCommand.RemoteTags;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer pull}. */
final class PullCommand implements CliCommand {

  private static final Option<Boolean> ALL_TAGS =
      Option.of("all-tags", 'a', Type.toggle(), "Download all tagged images in the repository");
  private static final Option<Boolean> TRUST =
      Option.of("disable-content-trust", Type.toggle(true), "Skip image verification (always)");
  private static final Option<Optional<Platform>> PLATFORM =
      Option.of(
          "platform",
          Type.last("string", Platform::parse),
          "Pull the image for another platform (e.g. \"linux/arm64\")");
  private static final Option<Optional<ProgressStyle>> PROGRESS =
      Option.of(
          "progress",
          Type.last("string", ProgressStyle::parse),
          "How to show progress: auto, plain, json or none (default \"auto\")");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Suppress verbose output");

  private final RegistryFlags registry = new RegistryFlags();
  private final CommandModel model = model(registry);

  private static CommandModel model(RegistryFlags registry) {
    List<Option<?>> options = new ArrayList<>(List.of(ALL_TAGS, TRUST, PLATFORM, PROGRESS, QUIET));
    options.addAll(registry.options());
    return CommandModel.of(
            "pull",
            "NAME[:TAG|@DIGEST]",
            "Download an image from a registry",
            1,
            1,
            options.toArray(Option<?>[]::new))
        .withAliases("coffer image pull", "coffer pull")
        .withExample("From a registry on this host", "coffer pull localhost:5000/app:1");
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    RegistryAccess access = registry.access(request, arguments);
    ProgressStyle style =
        arguments.get(QUIET)
            ? ProgressStyle.NONE
            : arguments.get(PROGRESS).orElse(ProgressStyle.AUTO);
    for (String name : names(request, arguments, access, engine)) {
      try (PullOutput output = style.output(request, 1)) {
        Pull pull = new Pull(name, arguments.get(PLATFORM), access, output);
        output.begin(name);
        output.end(request.console().await(() -> engine.execute(pull)));
      }
    }
    return 0;
  }

  private static List<String> names(
      EngineRequest request, Arguments arguments, RegistryAccess access, Engine engine) {
    String name = arguments.first();
    if (!arguments.get(ALL_TAGS)) {
      return List.of(name);
    }
    Reference repository = Reference.parse(name);
    if (repository.tag().isPresent() || repository.digest().isPresent()) {
      throw new IllegalArgumentException("tag can't be used with --all-tags/-a");
    }
    RemoteTags tags = new RemoteTags(name, access);
    return request.console().await(() -> engine.execute(tags)).stream()
        .map(tag -> name + ":" + tag)
        .toList();
  }

  /** Pulls for a command that needs an image; what happens is shown on standard error. */
  static void pull(
      EngineRequest request,
      String name,
      Optional<Platform> platform,
      boolean quiet,
      Engine engine) {
    ProgressStyle style = quiet ? ProgressStyle.NONE : ProgressStyle.AUTO;
    try (PullOutput output = style.output(request, 2)) {
      Pull pull = new Pull(name, platform, RegistryFlags.plain(request), output);
      output.begin(name);
      Pulled pulled = request.console().await(() -> engine.execute(pull));
      if (!quiet) {
        output.end(pulled);
      }
    }
  }
}

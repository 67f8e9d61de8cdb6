package dev.coffer.cli.command;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.format.Table;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.DeleteRemote;
import dev.coffer.engine.command.TransferCommand.RemoteReferrers;
import dev.coffer.engine.command.TransferCommand.RemoteTags;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.spec.image.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer registry tags}, {@code referrers} and {@code rm}. */
final class RegistryCommand implements CliCommand {

  /** What is asked of a registry. */
  enum Action {
    TAGS,
    REFERRERS,
    RM
  }

  private static final Option<Optional<String>> ARTIFACT_TYPE =
      Option.of("artifact-type", Type.text(), "Only those of this type");

  private final Action action;
  private final RegistryFlags flags = new RegistryFlags();
  private final CommandModel model;

  RegistryCommand(Action action) {
    this.action = action;
    this.model = model(action, flags);
  }

  private static CommandModel model(Action action, RegistryFlags flags) {
    List<Option<?>> options = new ArrayList<>(flags.options());
    return switch (action) {
      case TAGS ->
          CommandModel.of(
              "registry tags",
              "REPOSITORY",
              "List the tags of a repository",
              1,
              1,
              options.toArray(Option<?>[]::new));
      case REFERRERS -> {
        options.addFirst(ARTIFACT_TYPE);
        yield CommandModel.of(
            "registry referrers",
            "NAME[:TAG|@DIGEST]",
            "List what a registry has about an image: signatures, attestations",
            1,
            1,
            options.toArray(Option<?>[]::new));
      }
      case RM ->
          CommandModel.of(
              "registry rm",
              "NAME[:TAG|@DIGEST]...",
              "Delete images of a registry, with all their tags",
              1,
              CommandModel.MANY,
              options.toArray(Option<?>[]::new));
    };
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    RegistryAccess access = flags.access(request, arguments);
    String name = bare(arguments.first());
    return switch (action) {
      case TAGS -> {
        RemoteTags tags = new RemoteTags(name, access);
        for (String tag : request.console().await(() -> engine.execute(tags))) {
          request.line(Printable.text(tag));
        }
        yield 0;
      }
      case REFERRERS -> {
        RemoteReferrers referrers = new RemoteReferrers(name, arguments.get(ARTIFACT_TYPE), access);
        print(request, request.console().await(() -> engine.execute(referrers)));
        yield 0;
      }
      case RM ->
          Each.run(
              request,
              arguments.positionals(),
              each -> {
                DeleteRemote delete = new DeleteRemote(bare(each), access);
                request.line("Deleted: " + request.console().await(() -> engine.execute(delete)));
              });
    };
  }

  /** skopeo's users write {@code docker://} before the name. */
  private static String bare(String name) {
    return name.startsWith("docker://") ? name.substring("docker://".length()) : name;
  }

  private static void print(EngineRequest request, List<Descriptor> referrers) {
    List<String> lines = new ArrayList<>(List.of("DIGEST\tTYPE\tSIZE"));
    for (Descriptor each : referrers) {
      String type = each.artifactType().orElse(each.mediaType()).replace('\t', ' ');
      lines.add(each.digest() + "\t" + type + "\t" + each.size());
    }
    request.console().out(Table.render(lines));
  }
}

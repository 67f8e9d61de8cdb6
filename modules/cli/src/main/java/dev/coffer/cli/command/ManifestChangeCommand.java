package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.AddToList;
import dev.coffer.engine.command.TransferCommand.AnnotateList;
import dev.coffer.engine.command.TransferCommand.CreateList;
import dev.coffer.engine.command.TransferCommand.RemoveFromList;
import dev.coffer.engine.command.TransferCommand.RemoveList;
import dev.coffer.image.list.PlatformChange;
import dev.coffer.image.registry.RegistryAccess;
import java.util.ArrayList;
import java.util.List;

/** {@code coffer manifest create}, {@code add}, {@code annotate}, {@code remove}, {@code rm}. */
final class ManifestChangeCommand implements CliCommand {

  /** What is done to a list. */
  enum Action {
    CREATE,
    ADD,
    ANNOTATE,
    REMOVE,
    RM
  }

  private static final Option<Boolean> AMEND =
      Option.of("amend", 'a', Type.toggle(), "Add to a list that exists");

  private final Action action;
  private final ManifestFlags flags = new ManifestFlags();
  private final CommandModel model;

  ManifestChangeCommand(Action action) {
    this.action = action;
    this.model = model(action, flags);
  }

  private static CommandModel model(Action action, ManifestFlags flags) {
    return switch (action) {
      case CREATE ->
          CommandModel.of(
                  "manifest create",
                  "LIST [MANIFEST...]",
                  "Make a list of manifests in the store",
                  1,
                  CommandModel.MANY,
                  flags.with(List.of(ManifestFlags.ALL, AMEND)))
              .withExample(
                  "One name for two images",
                  "coffer manifest create localhost:5000/app:1 app:amd64 app:arm64");
      case ADD -> {
        List<Option<?>> own = new ArrayList<>(List.of(ManifestFlags.ALL));
        own.addAll(ManifestFlags.PLATFORM);
        yield CommandModel.of(
            "manifest add",
            "LIST MANIFEST",
            "Add an image of the store or of a registry to a list",
            2,
            2,
            flags.with(own));
      }
      case ANNOTATE ->
          CommandModel.of(
              "manifest annotate",
              "LIST MANIFEST",
              "Change what a list says of a member's platform",
              2,
              2,
              ManifestFlags.PLATFORM.toArray(Option<?>[]::new));
      case REMOVE ->
          CommandModel.of("manifest remove", "LIST MANIFEST", "Take a member out of a list", 2, 2);
      case RM ->
          CommandModel.of(
              "manifest rm", "LIST [LIST...]", "Remove lists of manifests", 1, CommandModel.MANY);
    };
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    List<String> words = arguments.positionals();
    String list = words.getFirst();
    return switch (action) {
      case CREATE -> {
        boolean amend = arguments.get(AMEND);
        boolean all = arguments.get(ManifestFlags.ALL);
        RegistryAccess access = flags.access(request, arguments);
        CreateList command =
            new CreateList(list, words.subList(1, words.size()), amend, all, access);
        String name = request.console().await(() -> engine.execute(command));
        request.line("Created manifest list " + name);
        yield 0;
      }
      case ADD -> {
        boolean all = arguments.get(ManifestFlags.ALL);
        PlatformChange change = ManifestFlags.change(arguments);
        RegistryAccess access = flags.access(request, arguments);
        AddToList command = new AddToList(list, words.getLast(), all, change, access);
        request.line(request.console().await(() -> engine.execute(command)));
        yield 0;
      }
      case ANNOTATE -> {
        engine.execute(new AnnotateList(list, words.getLast(), ManifestFlags.change(arguments)));
        yield 0;
      }
      case REMOVE -> {
        request.line(engine.execute(new RemoveFromList(list, words.getLast())));
        yield 0;
      }
      case RM -> Each.runAndName(request, words, each -> engine.execute(new RemoveList(each)));
    };
  }
}

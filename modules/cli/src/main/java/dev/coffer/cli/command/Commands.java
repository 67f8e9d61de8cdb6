package dev.coffer.cli.command;

import dev.coffer.cli.help.CompletionScripts;
import dev.coffer.cli.help.Overview;
import dev.coffer.cli.help.Overview.Entry;
import dev.coffer.cli.help.Spelling;
import dev.coffer.cli.option.CommandModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table of all commands. A command's class is loaded when it is asked for, so that {@code ps}
 * never builds the options of {@code run}.
 */
public final class Commands {

  /** What the program is. */
  public static final String PURPOSE = "Run containers, and keep the images they start from";

  private static final String EXPLAIN = "explain run";

  private static final List<String> COMMON =
      List.of("run", "exec", "ps", "logs", "images", "load", "info", "version");
  private static final List<String> OTHERS =
      List.of(
          "attach",
          "bootstrap",
          "commit",
          "completion",
          "copy",
          "create",
          "diff",
          EXPLAIN,
          "export",
          "help",
          "history",
          "import",
          "inspect",
          "kill",
          "login",
          "logout",
          "pause",
          "port",
          "pull",
          "push",
          "rename",
          "restart",
          "rm",
          "rmi",
          "save",
          "search",
          "serve",
          "start",
          "stop",
          "tag",
          "top",
          "unpause",
          "wait");
  private static final List<String> GROUPED =
      List.of(
          "container inspect",
          "container prune",
          "image check",
          "image inspect",
          "image mount",
          "image prune",
          "image tree",
          "image unmount",
          "engine start",
          "engine status",
          "engine stop",
          "engine restart",
          "manifest add",
          "manifest annotate",
          "manifest create",
          "manifest inspect",
          "manifest push",
          "manifest remove",
          "manifest rm",
          "network connect",
          "network create",
          "network disconnect",
          "network inspect",
          "network ls",
          "network prune",
          "network rm",
          "registry referrers",
          "registry rm",
          "registry tags",
          "system df",
          "system prune");

  private Commands() {}

  /**
   * A command and the words that follow its name.
   *
   * @param command the command
   * @param words options and arguments
   */
  record Found(CliCommand command, List<String> words) {}

  /** A command by its path; empty when there is none. */
  static Optional<CliCommand> byPath(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "attach" -> new AttachCommand();
          case "bootstrap" -> new BootstrapCommand();
          case "commit" -> new CommitCommand();
          case "completion" -> new CompletionCommand();
          case "container inspect" -> new InspectCommand(InspectCommand.Kind.CONTAINER);
          case "container prune" -> new ContainerPruneCommand();
          case "image prune" -> new ImagePruneCommand();
          case "system df" -> new SystemDfCommand();
          case "system prune" -> new SystemPruneCommand();
          case "copy" -> new CopyCommand();
          case "create" -> new CreateCommand();
          case "diff" -> new DiffCommand();
          case "engine restart" -> new EngineControlCommand(EngineControlCommand.Action.RESTART);
          case "engine start" -> new EngineControlCommand(EngineControlCommand.Action.START);
          case "engine status" -> new EngineStatusCommand();
          case "engine stop" -> new EngineControlCommand(EngineControlCommand.Action.STOP);
          case "exec" -> new ExecCommand();
          case "export" -> new ExportCommand();
          case EXPLAIN -> new ExplainCommand();
          case "help" -> new HelpCommand();
          case "history" -> new HistoryCommand();
          case "image check" -> new ImageCheckCommand();
          case "image inspect" -> new InspectCommand(InspectCommand.Kind.IMAGE);
          case "image mount" -> new ImageMountCommand();
          case "image tree" -> new ImageTreeCommand();
          case "image unmount" -> new ImageUnmountCommand();
          case "images" -> new ImagesCommand();
          case "import" -> new ImportCommand();
          case "info" -> new InfoCommand();
          case "inspect" -> new InspectCommand(InspectCommand.Kind.ANY);
          case "kill" -> new KillCommand();
          case "load" -> new LoadCommand();
          case "login" -> new LoginCommand();
          case "logout" -> new LogoutCommand();
          case "logs" -> new LogsCommand();
          case "manifest add" -> new ManifestChangeCommand(ManifestChangeCommand.Action.ADD);
          case "manifest annotate" ->
              new ManifestChangeCommand(ManifestChangeCommand.Action.ANNOTATE);
          case "manifest create" -> new ManifestChangeCommand(ManifestChangeCommand.Action.CREATE);
          case "manifest inspect" -> new ManifestInspectCommand();
          case "manifest push" -> new ManifestPushCommand();
          case "manifest remove" -> new ManifestChangeCommand(ManifestChangeCommand.Action.REMOVE);
          case "manifest rm" -> new ManifestChangeCommand(ManifestChangeCommand.Action.RM);
          case "network connect" -> new NetworkConnectCommand();
          case "network create" -> new NetworkCreateCommand();
          case "network disconnect" -> new NetworkDisconnectCommand();
          case "network inspect" -> new InspectCommand(InspectCommand.Kind.NETWORK);
          case "network ls" -> new NetworkListCommand();
          case "network prune" -> new NetworkPruneCommand();
          case "network rm" -> new NetworkRemoveCommand();
          case "pause" -> new PauseCommand();
          case "port" -> new PortCommand();
          case "ps" -> new PsCommand();
          case "pull" -> new PullCommand();
          case "push" -> new PushCommand();
          case "registry referrers" -> new RegistryCommand(RegistryCommand.Action.REFERRERS);
          case "registry rm" -> new RegistryCommand(RegistryCommand.Action.RM);
          case "registry tags" -> new RegistryCommand(RegistryCommand.Action.TAGS);
          case "rename" -> new RenameCommand();
          case "restart" -> new RestartCommand();
          case "rm" -> new RmCommand();
          case "rmi" -> new RmiCommand();
          case "run" -> new RunCommand();
          case "save" -> new SaveCommand();
          case "search" -> new SearchCommand();
          case "serve" -> new ServeCommand();
          case "start" -> new StartCommand();
          case "stop" -> new StopCommand();
          case "tag" -> new TagCommand();
          case "top" -> new TopCommand();
          case "unpause" -> new UnpauseCommand();
          case "version" -> new VersionCommand();
          case "wait" -> new WaitCommand();
          default -> null;
        });
  }

  /** The command that words begin with; empty when there is none. */
  static Optional<Found> find(List<String> words) {
    String first = words.getFirst();
    Optional<Group> group = Group.of(first);
    if (group.isPresent()) {
      return words.size() < 2
          ? Optional.empty()
          : group
              .get()
              .path(words.get(1))
              .flatMap(Commands::byPath)
              .map(command -> new Found(command, words.subList(2, words.size())));
    }
    return first.equals("explain")
        ? explain(words)
        : byPath(first).map(command -> new Found(command, words.subList(1, words.size())));
  }

  /** {@code explain [OPTIONS] run|create …}: options may stand before and after the second word. */
  private static Optional<Found> explain(List<String> words) {
    int verb = 1;
    while (verb < words.size() && words.get(verb).startsWith("-")) {
      verb++;
    }
    List<String> rest = new ArrayList<>(words.subList(1, verb));
    if (verb < words.size()) {
      String word = words.get(verb);
      if (!word.equals("run") && !word.equals("create")) {
        return Optional.empty();
      }
      rest.addAll(words.subList(verb + 1, words.size()));
    }
    return Optional.of(new Found(new ExplainCommand(), rest));
  }

  /** The help of the program. */
  static String help() {
    List<Entry> groups = new ArrayList<>();
    for (Group group : Group.values()) {
      groups.add(new Entry(group.word(), group.purpose()));
    }
    return new Overview("coffer [OPTIONS] COMMAND", PURPOSE)
        .section("Common Commands", entries(COMMON))
        .section("Management Commands", groups)
        .section("Commands", entries(OTHERS))
        .section(
            "Global Options",
            List.of(
                new Entry("    --root string", "Data root (default /var/lib/coffer; COFFER_ROOT)"),
                new Entry("-D, --debug", "Say where in the program a failure arose"),
                new Entry("-v, --version", "Print version information and quit")))
        .render("Run 'coffer COMMAND --help' for more information on a command.");
  }

  /** The help of a group. */
  static String help(Group group) {
    List<Entry> entries = new ArrayList<>();
    for (String member : group.members()) {
      byPath(group.path(member).orElseThrow())
          .ifPresent(command -> entries.add(new Entry(member, command.model().summary())));
    }
    return new Overview("coffer " + group.word() + " COMMAND", group.purpose())
        .section("Commands", entries)
        .render(
            "Run 'coffer " + group.word() + " COMMAND --help' for more information on a command.");
  }

  private static List<Entry> entries(List<String> paths) {
    List<Entry> entries = new ArrayList<>();
    for (String path : paths) {
      CommandModel model = byPath(path).orElseThrow().model();
      entries.add(new Entry(path, model.summary()));
    }
    return entries;
  }

  /** The models of all commands, sorted by path. */
  public static List<CommandModel> models() {
    List<String> paths = new ArrayList<>(COMMON);
    paths.addAll(OTHERS);
    paths.addAll(GROUPED);
    return paths.stream().sorted().map(path -> byPath(path).orElseThrow().model()).toList();
  }

  /** Scripts by which shells complete command lines. */
  public static CompletionScripts completions() {
    return new CompletionScripts(
        CommandModel.PROGRAM, CommandModel.PROGRAM + " ps -a --format '{{.Names}}'", spellings());
  }

  /** Every way to write every command. */
  public static List<Spelling> spellings() {
    List<Spelling> spellings = new ArrayList<>();
    for (CommandModel model : models()) {
      if (Group.of(model.path().split(" ")[0]).isEmpty()) {
        spellings.add(new Spelling(model.path(), model));
      }
    }
    for (Group group : Group.values()) {
      for (String member : group.members()) {
        CommandModel model = byPath(group.path(member).orElseThrow()).orElseThrow().model();
        spellings.add(new Spelling(group.word() + " " + member, model));
      }
    }
    return spellings;
  }
}

package dev.coffer.cli.oci;

import dev.coffer.cli.help.CompletionScripts;
import dev.coffer.cli.help.Overview;
import dev.coffer.cli.help.Overview.Entry;
import dev.coffer.cli.help.Spelling;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of the commands of {@code coffer-oci}. */
public final class OciCommands {
  private static final List<String> NAMES =
      List.of(
          "checkpoint",
          "create",
          "delete",
          "events",
          "exec",
          "features",
          "kill",
          "list",
          "pause",
          "ps",
          "restore",
          "resume",
          "run",
          "spec",
          "start",
          "state",
          "update");

  private OciCommands() {}

  static Optional<OciCommand> byName(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "create" -> new OciCreate();
          case "delete" -> new OciDelete();
          case "exec" -> new OciExec();
          case "kill" -> new OciKill();
          case "run" -> new OciRun();
          case "start" -> new OciStart();
          case "state" -> new OciState();
          case "events" -> new OciEvents();
          case "features" -> new OciFeatures();
          case "list" -> new OciList();
          case "pause" -> new OciPause();
          case "ps" -> new OciPs();
          case "resume" -> new OciResume();
          case "spec" -> new OciSpec();
          case "update" -> new OciUpdate();
          case "checkpoint" -> new OciCheckpoint();
          case "restore" -> new OciRestore();
          default -> null;
        });
  }

  /** The models of all, sorted by name. */
  public static List<CommandModel> models() {
    return NAMES.stream().map(name -> byName(name).orElseThrow().model()).toList();
  }

  /** What stands in front of a command. */
  public static CommandModel globals() {
    return OciGlobals.MODEL;
  }

  /** Scripts by which shells complete command lines. */
  public static CompletionScripts completions() {
    return new CompletionScripts(
        OciCommandLine.PROGRAM,
        OciCommandLine.PROGRAM + " list -q",
        NAMES.stream()
            .map(name -> new Spelling(name, byName(name).orElseThrow().model()))
            .toList());
  }

  static String help() {
    List<Entry> commands = new ArrayList<>();
    for (String name : NAMES) {
      commands.add(new Entry(name, byName(name).orElseThrow().model().summary()));
    }
    List<Entry> globals = new ArrayList<>();
    for (Option<?> option : OciGlobals.MODEL.options()) {
      String type = option.type().name();
      globals.add(
          new Entry(
              "--" + option.name() + (type.isEmpty() ? "" : " " + type), option.description()));
    }
    return new Overview(OciCommandLine.PROGRAM + " [OPTIONS] COMMAND", OciGlobals.MODEL.summary())
        .section("Commands", commands)
        .section("Global Options", globals)
        .render("Run '" + OciCommandLine.PROGRAM + " COMMAND --help' for more on a command.");
  }
}

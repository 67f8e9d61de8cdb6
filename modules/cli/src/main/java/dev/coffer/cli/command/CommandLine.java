package dev.coffer.cli.command;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.format.Places;
import dev.coffer.cli.help.HelpText;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Parser;
import dev.coffer.cli.option.UsageException;
import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.template.TemplateException;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs a command line: finds the command, parses its options, and turns failures into exit codes.
 */
public final class CommandLine {

  private CommandLine() {}

  /**
   * Runs it.
   *
   * @return the exit code, Docker's for the same outcome
   * @throws CallerGoneException when the caller left before the end
   */
  public static int run(EngineRequest request, Engine engine) {
    GlobalOptions options;
    try {
      options = GlobalOptions.parse(request.words());
    } catch (UsageException e) {
      request.console().err(e.getMessage() + "\n");
      return e.exitCode();
    }
    List<String> words = options.rest();
    if (options.version()) {
      words = List.of("version", "--format", "Coffer version {{.Client.Version}}");
    }
    if (words.isEmpty() || options.help()) {
      request.console().out(Commands.help());
      return 0;
    }
    Optional<Commands.Found> found = Commands.find(words);
    if (found.isEmpty()) {
      return unknown(request, words);
    }
    EngineRequest rest = request.withWords(found.get().words());
    return run(rest, found.get().command(), engine, options.debug());
  }

  private static int unknown(EngineRequest request, List<String> words) {
    String first = words.getFirst();
    Optional<Group> group = Group.of(first);
    if (group.isPresent() && (words.size() == 1 || isHelp(words.get(1)))) {
      request.console().out(Commands.help(group.get()));
      return 0;
    }
    boolean two = words.size() > 1 && (group.isPresent() || first.equals("explain"));
    String command = two ? first + " " + words.get(1) : first;
    request
        .console()
        .err(
            "coffer: '%s' is not a coffer command.\nSee 'coffer%s --help'\n"
                .formatted(command, two ? " " + first : ""));
    return 1;
  }

  private static boolean isHelp(String word) {
    return word.equals("--help") || word.equals("-h");
  }

  private static int run(EngineRequest request, CliCommand command, Engine engine, boolean debug) {
    CommandModel model = command.model();
    try {
      Parser.Result parsed = Parser.parse(model, request.words());
      if (parsed.helpWanted()) {
        request.console().out(HelpText.render(model, request.console().size().columns()));
        return 0;
      }
      return command.run(request, parsed.arguments(), engine);
    } catch (UsageException e) {
      request.console().err(e.getMessage() + "\n");
      return e.exitCode();
    } catch (CallerGoneException e) {
      throw e;
    } catch (NotATerminalException e) {
      request.console().err(e.getMessage() + "\n");
      return 1;
    } catch (EngineException e) {
      report(request, e, debug);
      return exitCode(e.kind(), command.failureCode());
    } catch (IllegalArgumentException | SpecException | TemplateException | IOException e) {
      report(request, e, debug);
      return command.failureCode();
    }
  }

  private static int exitCode(EngineException.Kind kind, int failureCode) {
    return switch (kind) {
      case NOT_EXECUTABLE -> 126;
      case COMMAND_NOT_FOUND -> 127;
      case INVALID, NOT_FOUND, AMBIGUOUS, CONFLICT, NOT_SUPPORTED, FAILED -> failureCode;
    };
  }

  private static void report(EngineRequest request, Exception failure, boolean debug) {
    request.console().err("coffer: " + FailureText.of(failure) + "\n");
    if (debug) {
      request.console().err(Places.of(failure));
    }
  }
}

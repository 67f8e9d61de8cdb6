package dev.coffer.cli.oci;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.format.Places;
import dev.coffer.cli.format.Printable;
import dev.coffer.cli.help.HelpText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Parser;
import dev.coffer.cli.option.Parser.Dashes;
import dev.coffer.cli.option.UsageException;
import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.KernelException;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.runtime.oci.CallerPath;
import dev.coffer.runtime.oci.OciCaller;
import dev.coffer.runtime.oci.OciException;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.runtime.oci.Runner;
import dev.coffer.runtime.protocol.StdioKind;
import dev.coffer.runtime.systemd.Systemd;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a command line of {@code coffer-oci}. */
public final class OciCommandLine {
  /** The name by which the launcher is called for this command line. */
  public static final String PROGRAM = "coffer-oci";

  private static final int FAILED = 1;
  private static final String DEFAULT_ROOT = "/run/coffer-oci";

  private OciCommandLine() {}

  /**
   * Runs it.
   *
   * @param pid the caller's process
   * @param sameMounts whether the caller sees the mounts that this process sees
   * @param version of this program
   * @return the exit code, runc's for the same outcome
   * @throws CallerGoneException when the caller left before the end
   */
  public static int run(
      EngineRequest request,
      OciHost host,
      Runner runner,
      int pid,
      boolean sameMounts,
      String version) {
    OciLog log = new OciLog(Optional.empty(), false, request.clock());
    boolean debug = false;
    try {
      Parser.Result parsed = OciGlobals.parse(request.words());
      Arguments globals = parsed.arguments();
      List<String> words = globals.positionals();
      if (parsed.helpWanted() || (words.isEmpty() && !globals.get(OciGlobals.VERSION))) {
        request.console().out(OciCommands.help());
        return 0;
      }
      if (globals.get(OciGlobals.VERSION)) {
        request.console().out(versionText(version));
        return 0;
      }
      debug = globals.get(OciGlobals.DEBUG);
      log = log(request, globals, pid);
      if (debug) {
        log.debug(String.join(" ", words)).ifPresent(request.console()::err);
      }
      boolean systemd = systemd(globals);
      OciLog used = log;
      HostFacts facts = host.factsOf(pid, sameMounts);
      OciCaller caller =
          new OciCaller(
              root(request, globals, facts),
              request.files().workingDirectory(),
              request.environment(),
              facts,
              pid,
              request.console().kind(1) == StdioKind.TTY,
              OciGlobals.rootless(globals),
              runner,
              warning -> {
                if (!used.warning(warning)) {
                  request.console().err(PROGRAM + ": warning: " + Printable.text(warning) + "\n");
                }
              });
      String criu = globals.get(OciGlobals.CRIU).orElse("criu");
      return run(
          new OciRequest(host, caller, request.console(), systemd, criu), words, used, debug);
    } catch (UsageException e) {
      return fail(request, log, e.getMessage());
    } catch (IllegalArgumentException | IOException e) {
      return fail(request, log, e.getMessage(), e, debug);
    }
  }

  /** What the kernel has refused does not say what it was for. */
  private static String text(Exception failure, String command, List<String> operands) {
    String text = FailureText.of(failure);
    if (!(failure instanceof KernelException || failure instanceof FileSystemException)) {
      return text;
    }
    String object = operands.isEmpty() ? "" : " " + operands.getFirst();
    return "cannot carry out \"" + command + object + "\": " + text;
  }

  private static int run(OciRequest request, List<String> words, OciLog log, boolean debug) {
    Optional<OciCommand> found = OciCommands.byName(words.getFirst());
    if (found.isEmpty()) {
      String message = "unknown command \"" + words.getFirst() + "\" (see " + PROGRAM + " --help)";
      log.error(message);
      request.console().err(PROGRAM + ": " + message + "\n");
      return FAILED;
    }
    OciCommand command = found.get();
    CommandModel model = command.model();
    Exception failure;
    List<String> operands = List.of();
    try {
      Parser.Result parsed = Parser.parse(model, words.subList(1, words.size()), Dashes.ANY);
      if (parsed.helpWanted()) {
        request.out(HelpText.render(model, request.console().size().columns()));
        return 0;
      }
      operands = parsed.arguments().positionals();
      return command.run(request, parsed.arguments());
    } catch (CallerGoneException e) {
      throw e;
    } catch (UsageException
        | OciException
        | PlanException
        | SpecException
        | IllegalArgumentException
        | IOException e) {
      failure = e;
    }
    String text = text(failure, words.getFirst(), operands);
    log.error(text);
    // Of the lines of a usage the caller's words are the only ones that are not ours.
    String shown = failure instanceof UsageException ? Printable.lines(text) : Printable.text(text);
    request.console().err(PROGRAM + ": " + shown + "\n");
    if (debug) {
      request.console().err(Places.of(failure));
    }
    return command.failureCode();
  }

  private static int fail(EngineRequest request, OciLog log, String message) {
    log.error(message);
    request.console().err(PROGRAM + ": " + Printable.lines(message) + "\n");
    return FAILED;
  }

  private static int fail(
      EngineRequest request, OciLog log, String message, Exception cause, boolean debug) {
    int code = fail(request, log, message);
    if (debug) {
      request.console().err(Places.of(cause));
    }
    return code;
  }

  /** The form in which engines look for a runtime's version. */
  private static String versionText(String version) {
    return PROGRAM + " version " + version + "\nspec: " + Spec.VERSION + "\n";
  }

  private static OciLog log(EngineRequest request, Arguments globals, int pid) {
    return new OciLog(
        globals
            .get(OciGlobals.LOG)
            .map(path -> CallerPath.resolve(request.files().workingDirectory(), pid, path)),
        OciGlobals.json(globals),
        request.clock());
  }

  private static Path root(EngineRequest request, Arguments globals, HostFacts facts) {
    Optional<String> given = globals.get(OciGlobals.ROOT);
    if (given.isPresent()) {
      Path root = request.files().workingDirectory().resolve(given.get()).normalize();
      if (given.get().isEmpty() || root.getNameCount() == 0) {
        throw new IllegalArgumentException(
            "cannot use --root \"" + given.get() + "\": it is no directory of its own");
      }
      return root;
    }
    String runtime = request.environment().getOrDefault("XDG_RUNTIME_DIR", "");
    boolean own = !runtime.isEmpty() && !isRoot(request.environment(), facts);
    return own ? Path.of(runtime, "coffer-oci") : Path.of(DEFAULT_ROOT);
  }

  /** A user's Podman calls from a user namespace, in which the user has root's id. */
  private static boolean isRoot(Map<String, String> environment, HostFacts facts) {
    return CurrentProcess.effectiveUid() == 0
        && (!facts.inUserNamespace() || environment.getOrDefault("USER", "").equals("root"));
  }

  private static boolean systemd(Arguments globals) {
    boolean wanted = globals.get(OciGlobals.SYSTEMD_CGROUP);
    if (wanted && !Systemd.isRunning()) {
      throw new IllegalArgumentException(
          "not supported: --systemd-cgroup: systemd does not run on this host (leave the option out)");
    }
    return wanted;
  }
}

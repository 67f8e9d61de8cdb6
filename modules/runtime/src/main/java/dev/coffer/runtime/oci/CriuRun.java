package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Pidfd;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.CriuCompiler;
import dev.coffer.plan.compile.CriuCompiler.Criu;
import dev.coffer.runtime.criu.CriuException;
import dev.coffer.runtime.criu.CriuFeature;
import dev.coffer.runtime.criu.CriuOptions;
import dev.coffer.runtime.criu.CriuSession;
import dev.coffer.runtime.criu.CriuVersion;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.runtime.oci.Runner.Run;
import dev.coffer.runtime.oci.Runner.Running;
import dev.coffer.runtime.process.Signals;
import dev.coffer.runtime.protocol.RunFrame.Streams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run of criu: the caller's process starts it, this one speaks with it. The directories are
 * open here, where criu finds them by their descriptors.
 */
final class CriuRun implements AutoCloseable {
  /** Namespaces of pids that are joined, the last of what is needed that came to criu. */
  private static final CriuVersion OLDEST = new CriuVersion(3, 15);

  private static final CriuVersion PROFILES = new CriuVersion(3, 16);

  /** The annotation that names a file with further options for criu. */
  static final String CONFIGURATION = "org.criu.config";

  private static final String DEFAULT_CONFIGURATION = "/etc/criu/runc.conf";
  private static final String LEVEL = "Error (";
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final OciCaller caller;
  private final CriuChoices choices;
  private final Criu program;
  private final Path logDirectory;
  private final String log;
  private final CriuSession session;
  private final List<Fd> directories = new ArrayList<>();
  private int pid;
  private Optional<Fd> process = Optional.empty();

  private CriuRun(OciCaller caller, CriuChoices choices, Criu program, String log)
      throws IOException {
    this.caller = caller;
    this.choices = choices;
    this.program = program;
    this.log = log;
    this.logDirectory = choices.work().orElse(choices.images());
    this.session = CriuSession.open(caller.runner()::await);
  }

  /** As criu sees it: it looks for what it mounts there itself. */
  private Fd directory(Path path) throws IOException {
    Fd directory =
        FileOpen.path("/proc/" + pid + "/root" + path, OpenFlags.RDONLY | OpenFlags.DIRECTORY);
    directories.add(directory);
    return directory;
  }

  /**
   * Prepares a run, whose directories exist.
   *
   * @param log name of criu's log
   * @throws OciException where there is no criu
   */
  static CriuRun of(OciCaller caller, CriuChoices choices, String log) throws IOException {
    return new CriuRun(caller, choices, program(caller, choices.criu()), log);
  }

  /** Makes a directory, for its owner alone: what processes had in memory is going to be there. */
  static Path makeDirectory(Path path) throws IOException {
    return Files.createDirectories(path, PRIVATE);
  }

  /**
   * The criu of a name or path.
   *
   * @throws OciException where there is none, or the caller is not root
   */
  static Criu program(OciCaller caller, String name) {
    if (!caller.facts().mayMount() || caller.facts().inUserNamespace()) {
      throw new OciException("criu needs a caller who is root of the host");
    }
    Path path =
        CallerProgram.find(caller, name)
            .orElseThrow(
                () ->
                    new OciException(
                        "\"" + name + "\" is not there (install criu, or name it by --criu)"));
    return new Criu(
        path.toString(),
        caller.environment().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList());
  }

  Criu program() {
    return program;
  }

  /** The socket that criu is to have. */
  Fd socket() {
    return session.end();
  }

  /** Starts it, to save a container. */
  void start(String why) throws IOException {
    try (Fd nothing = FileOpen.path("/dev/null", OpenFlags.RDWR)) {
      start(
          CriuCompiler.start(caller.facts().architecture(), program, why),
          List.of(nothing, socket()),
          Streams.ELSEWHERE);
    }
  }

  /** Starts it by a plan, and makes sure that it is one that can do what is wanted. */
  void start(Plan plan, List<Fd> inputs, Streams streams) throws IOException {
    Run run = new Run(Program.of(plan), Optional.empty(), inputs, 0, streams, true);
    Running running = caller.runner().run(run);
    pid = running.pid();
    process = running.pidfd();
    session.started(process);
    require(OLDEST, "checkpoint and restore need");
  }

  private void require(CriuVersion oldest, String what) throws IOException {
    CriuVersion version = session.version();
    if (version.compareTo(oldest) < 0) {
      throw new OciException(
          "criu is too old: %s %s or later, this is %s".formatted(what, oldest, version));
    }
  }

  void requireProfiles() throws IOException {
    require(PROFILES, "--lsm-profile and --lsm-mount-context need");
  }

  void requireFeature(CriuFeature feature, String option) throws IOException {
    if (!session.has(feature)) {
      throw new OciException(
          "not supported: --" + option + ": this host has no " + feature.words());
    }
  }

  CriuSession session() {
    return session;
  }

  /** Its pid, once it has been started. */
  int pid() {
    return pid;
  }

  /** The options that both ways share, once it has been started. */
  CriuOptions options(Map<String, String> annotations) throws IOException {
    CriuOptions options =
        new CriuOptions(directory(choices.images()), directory(logDirectory), log)
            .tcpEstablished(choices.tcpEstablished())
            .externalUnixSockets(choices.externalUnixSockets())
            .shellJob(choices.shellJob())
            .fileLocks(choices.fileLocks())
            .lazyPages(choices.lazyPages())
            .emptyNetwork(choices.emptyNetwork())
            .deduplicate(choices.autoDedup());
    choices.cgroups().ifPresent(options::cgroups);
    String configuration = annotations.getOrDefault(CONFIGURATION, DEFAULT_CONFIGURATION);
    return configuration.isEmpty() ? options : options.configuration(configuration);
  }

  /** The same failure with what can be said about it. */
  OciException explain(CriuException cause) {
    String message = cause.getMessage().strip().replace("\n", "; ");
    try {
      String ignored = CallerProgram.run(caller, List.of(program.path(), "check"));
    } catch (IOException | RuntimeException e) {
      return new OciException(cause(e.getMessage()), cause);
    }
    Path file = logDirectory.resolve(log);
    String more = Files.exists(file) ? " (\"" + file + "\" has more)" : "";
    return new OciException("criu: " + message + more, cause);
  }

  /** What criu complains of first is the cause, what follows are its consequences. */
  static String cause(String message) {
    int error = message.indexOf(LEVEL);
    if (error < 0) {
      return message;
    }
    int end = message.indexOf("; ", error);
    return "criu cannot work on this host: "
        + (end < 0 ? message.substring(error) : message.substring(error, end)).strip();
  }

  /**
   * Has the caller reap criu, which has done its work, and keep what it has restored.
   *
   * @param restored pid of that
   * @param terminal the master of its terminal, where the caller relays that
   */
  Running adopt(int restored, Optional<Fd> terminal, String why) throws IOException {
    hangUp();
    Plan plan =
        CriuCompiler.adoption(
            caller.facts().architecture(), pid, restored, terminal.isPresent(), why);
    pid = 0;
    return caller
        .runner()
        .run(
            new Run(
                Program.of(plan),
                Optional.empty(),
                terminal.stream().toList(),
                0,
                terminal.isPresent() ? Streams.TERMINAL : Streams.ELSEWHERE,
                false));
  }

  /** It has nothing left to do; one that does not see that must not hold up the caller for ever. */
  private void hangUp() throws IOException {
    if (process.isPresent() && !session.hangUp(process.get(), ContainerGroup.PATIENCE)) {
      Pidfd.signal(process.get(), Signals.KILL);
    }
  }

  /**
   * Ends the conversation, upon which criu ends; the caller reaps it. Where the caller has left,
   * criu is nobody's, and takes back what it does when it is to say how far it has come.
   */
  @Override
  public void close() throws IOException {
    directories.forEach(Fd::close);
    try {
      if (pid != 0) {
        hangUp();
        Plan plan = CriuCompiler.end(caller.facts().architecture(), pid, "criu has nothing to do");
        caller.runner().run(Run.alone(Program.of(plan), List.of())).close();
      }
    } finally {
      session.close();
      process.ifPresent(Fd::close);
    }
  }
}

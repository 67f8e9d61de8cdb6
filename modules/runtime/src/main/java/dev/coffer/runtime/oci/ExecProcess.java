package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.runtime.oci.Runner.Run;
import dev.coffer.runtime.oci.Runner.Running;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.SpecProblem;
import dev.coffer.spec.runtime.SpecValidator;
import dev.coffer.spec.runtime.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code exec}: a further process in a container. */
public final class ExecProcess {
  private static final String CONSOLE = "console";
  private static final String ROOT = "root";

  private final OciHost host;
  private final OciCaller caller;
  private final ExecOptions options;
  private final ContainerRecord record;
  private final Spec spec;
  private final int configSize;
  private final List<Fd> inputs = new ArrayList<>();

  private ExecProcess(
      OciHost host,
      OciCaller caller,
      ExecOptions options,
      ContainerRecord record,
      SavedConfig config) {
    this.host = host;
    this.caller = caller;
    this.options = options;
    this.record = record;
    this.spec = config.spec();
    this.configSize = config.size();
  }

  /**
   * Starts a process, and in the foreground waits for its end.
   *
   * @return its exit code; 0 where the caller does not wait
   * @throws OciException where the container does not run
   */
  public static int exec(OciHost host, OciCaller caller, ExecOptions options) throws IOException {
    StateDirectory directory = caller.states().get(options.id());
    Optional<ContainerRecord> record = directory.record(host.records());
    ContainerStatus status = ContainerState.status(caller, directory, record);
    switch (status) {
      case CREATED, RUNNING -> {}
      case PAUSED -> {
        if (!options.ignorePaused()) {
          throw cannot(
              options, "cannot exec in a paused container (resume it, or use --ignore-paused)");
        }
      }
      case CREATING -> throw cannot(options, "it is being created");
      case STOPPED -> throw cannot(options, "container not running");
    }
    SavedConfig config = directory.config(host.savedConfigs());
    ContainerRecord latest = directory.latest(record).orElseThrow();
    return new ExecProcess(host, caller, options, latest, config).exec();
  }

  private static OciException cannot(ExecOptions options, String why) {
    return new OciException("cannot exec in container \"" + options.id() + "\": " + why);
  }

  private int exec() throws IOException {
    ContainerProcess process = options.process().apply(spec.process().orElseThrow());
    List<SpecProblem> problems = SpecValidator.validate(process);
    if (!problems.isEmpty()) {
      throw new OciException("process: " + problems.getFirst());
    }
    boolean foreground = !options.detach() && options.consoleSocket().isEmpty();
    Console.check(process.terminal(), foreground, options.consoleSocket());
    Fd init = Liveness.open(record).orElseThrow(() -> cannot(options, "container not running"));
    inputs.add(init);
    try {
      int pid = start(process);
      if (options.pidFile().isPresent()) {
        PidFile.write(options.pidFile().get(), pid);
      }
    } catch (IOException e) {
      throw new OciException(
          "cannot exec in container \"" + options.id() + "\": " + e.getMessage(), e);
    } finally {
      inputs.forEach(Fd::close);
    }
    return options.detach() ? 0 : caller.runner().awaitEnd(List.of());
  }

  private int start(ContainerProcess wanted) throws IOException {
    PassedDescriptors passed = PassedDescriptors.of(caller, options.preservedDescriptors());
    ContainerProcess process =
        ProcessEnvironment.complete(
            wanted,
            uid -> host.roots().look(record.pid(), () -> true, root -> root.home(uid)),
            passed.listening());
    String root = "/proc/" + record.pid() + "/root";
    ExecInputs planned;
    try (Fd view = FileOpen.path(root, OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      planned = withRoot(execInputs(process, passed.count()), view);
    }
    // After all that was read by the pid: alive now, it was alive then. Of a dead process, or of
    // another by the same number, the namespaces would look like the host's.
    if (!Liveness.isAlive(record)) {
      throw cannot(options, "container not running");
    }
    Run run =
        new Run(
            host.execs()
                .of(new ExecPlans.Wanted(process, caller.facts(), record, planned, configSize)),
            Optional.empty(),
            inputs,
            passed.count(),
            Console.streams(process.terminal(), options.consoleSocket()),
            true);
    try (PidfdSocket socket = PidfdSocket.connect(options.pidfdSocket());
        Running running = caller.runner().run(run)) {
      socket.send(running);
      return running.pid();
    }
  }

  private ExecInputs execInputs(ContainerProcess process, int preserved) throws IOException {
    List<String> kept = new ArrayList<>();
    for (int number = 0; number < preserved; number++) {
      kept.add("preserved-" + number);
    }
    ExecInputs planned =
        new ExecInputs(
                record.id(),
                namespaces(),
                Optional.of(record.cgroup()),
                initCgroup(),
                caller.streams(process.terminal(), options.consoleSocket().isPresent()),
                kept,
                spec.linux().flatMap(Linux::seccomp),
                record.newKeyring())
            .withContainer(spec.linux().orElse(Linux.NONE), state())
            .withSubCgroups(options.subCgroups());
    if (options.consoleSocket().isEmpty()) {
      return planned;
    }
    inputs.add(Console.connect(options.consoleSocket().get()));
    return planned.withConsoleSocket(CONSOLE);
  }

  private ExecInputs withRoot(ExecInputs planned, Fd view) throws IOException {
    if (Namespaces.ownsRoot(spec)) {
      return planned;
    }
    inputs.add(view.duplicate());
    return planned.withRoot(ROOT);
  }

  /** What the agent of a filter is told. */
  private State state() {
    return new State(
        spec.ociVersion(),
        record.id(),
        ContainerStatus.RUNNING,
        Optional.of(record.pid()),
        record.bundle(),
        spec.annotations(),
        JsonObject.EMPTY);
  }

  /** Those in which the container's first process is not where the caller is. */
  private Set<NamespaceType> namespaces() throws IOException {
    Set<NamespaceType> differing = EnumSet.noneOf(NamespaceType.class);
    for (NamespaceType type : NamespaceType.values()) {
      Optional<String> theirs = Namespaces.name(record.pid(), type);
      if (theirs.isPresent() && !theirs.equals(Namespaces.name(caller.pid(), type))) {
        differing.add(type);
      }
    }
    return differing;
  }

  /** Where init is now in version 2, if that is below the container's own: then it was divided. */
  private Optional<String> initCgroup() throws IOException {
    CgroupLayout cgroups = ContainerGroup.layout(record, caller.facts().cgroups());
    if (cgroups.unified().isEmpty()) {
      return Optional.empty();
    }
    return ProcFile.read("/proc/" + record.pid() + "/cgroup")
        .lines()
        .filter(line -> line.startsWith("0::"))
        .map(line -> line.substring("0::".length()))
        .filter(path -> path.startsWith(record.cgroup() + "/"))
        .findFirst();
  }
}

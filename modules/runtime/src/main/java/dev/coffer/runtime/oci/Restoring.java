package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.compile.CriuCompiler;
import dev.coffer.plan.compile.Restoration;
import dev.coffer.runtime.cgroup.ParentCpuset;
import dev.coffer.runtime.criu.CriuEvents;
import dev.coffer.runtime.criu.CriuException;
import dev.coffer.runtime.criu.CriuFeature;
import dev.coffer.runtime.criu.CriuOptions;
import dev.coffer.runtime.criu.RequestType;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.protocol.RunFrame.Streams;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The making of a container by criu, in the order of {@link Creation}, so that whatever is cut
 * short can be told and undone. Criu, which the caller starts in the container's cgroup, tells of
 * each stage and waits: the hooks of a creation run when the namespaces are there, and the record
 * has the pid before anything of the container goes on.
 */
final class Restoring {
  private static final String LOG = "restore.log";
  private static final String WHY = "restore";
  private static final String SCOPE = "scope";

  /** What is in every whole image. */
  private static final String INVENTORY = "inventory.img";

  /** The first descriptor of criu's after its streams and the socket. */
  private static final int FIRST_INHERITED = 4;

  /** What other engines expect beside a terminal's descriptor. */
  private static final String TERMINAL = "/dev/ptmx";

  private final OciCaller caller;
  private final RestoreOptions options;
  private final Bundle bundle;
  private final HostFacts facts;
  private final StateDirectory directory;
  private final ContainerRecord planned;
  private final Optional<ScopeBirth> birth;
  private final SavedDescriptors descriptors;
  private final String what;
  private Optional<ContainerRecord> known = Optional.empty();
  private Optional<Fd> master = Optional.empty();

  private Restoring(
      OciCaller caller,
      RestoreOptions options,
      Bundle bundle,
      HostFacts facts,
      StateDirectory directory,
      ContainerRecord planned,
      Optional<ScopeBirth> birth,
      SavedDescriptors descriptors) {
    this.descriptors = descriptors;
    this.caller = caller;
    this.options = options;
    this.bundle = bundle;
    this.facts = facts;
    this.directory = directory;
    this.planned = planned;
    this.birth = birth;
    this.what = what(options);
  }

  private static String what(RestoreOptions options) {
    return "cannot restore container \"" + options.id() + "\": ";
  }

  /** Restores a container, which then runs. What fails leaves nothing behind. */
  static Created restore(OciHost host, OciCaller caller, RestoreOptions options)
      throws IOException {
    if (caller.states().find(options.id()).isPresent()) {
      throw new OciException(what(options) + "a container with that id exists");
    }
    Bundle bundle = Bundle.read(options.bundle(), host.configs());
    Console.check(
        bundle.spec().process().orElseThrow().terminal(),
        !options.detach(),
        options.consoleSocket());
    SavedDescriptors descriptors = image(options);
    Optional<ScopeBirth> birth = birth(caller, options, bundle);
    try {
      return restore(caller, options, bundle, birth, descriptors);
    } finally {
      birth.ifPresent(ScopeBirth::close);
    }
  }

  private static Optional<ScopeBirth> birth(OciCaller caller, RestoreOptions options, Bundle bundle)
      throws IOException {
    return options.systemd()
        ? Optional.of(ScopeBirth.of(caller, options.id(), bundle, resources(bundle)))
        : Optional.empty();
  }

  private static Resources resources(Bundle bundle) {
    return Creation.withDefaultDevices(bundle.spec().linux().orElseThrow().resources());
  }

  private static Created restore(
      OciCaller caller,
      RestoreOptions options,
      Bundle bundle,
      Optional<ScopeBirth> birth,
      SavedDescriptors descriptors)
      throws IOException {
    String cgroup = ScopeBirth.cgroup(birth, bundle, options.id());
    HostFacts facts =
        options.systemd() ? caller.facts() : ParentCpuset.read(caller.facts(), cgroup);
    ContainerRecord planned =
        Creation.record(bundle, facts, options.id(), cgroup, ScopeBirth.unit(birth), true);
    ContainerGroup.requireFree(ContainerGroup.of(planned, facts.cgroups()));
    ResourceClass.of(bundle.spec(), options.id()).ifPresent(ResourceClass::requireFree);
    StateDirectory directory = caller.states().create(options.id());
    return new Restoring(caller, options, bundle, facts, directory, planned, birth, descriptors)
        .restore();
  }

  /** Looks at what is beside and in an image before anything is made: it may be a stranger's. */
  private static SavedDescriptors image(RestoreOptions options) throws IOException {
    Path images = options.common().images();
    // Of a fifo criu would wait for the other end.
    if (!Files.isRegularFile(images.resolve(INVENTORY))) {
      throw new OciException(
          what(options) + "\"" + images + "\" has no image (name its directory by --image-path)");
    }
    SavedDescriptors saved;
    try {
      saved = SavedDescriptors.read(images);
    } catch (IOException e) {
      throw new OciException(what(options) + e.getMessage(), e);
    }
    if (options.common().work().isPresent()) {
      Path ignored = CriuRun.makeDirectory(options.common().work().get());
    }
    return saved;
  }

  private Created restore() throws IOException {
    try {
      return directory.change(
          () -> {
            directory.saveConfig(bundle.config());
            directory.save(planned);
            warnOfHooks();
            run();
            return new Created(directory, directory.open(), known.orElseThrow(), bundle.spec());
          });
    } catch (IOException | RuntimeException e) {
      throw undone(e);
    } finally {
      master.ifPresent(Fd::close);
    }
  }

  private void warnOfHooks() {
    if (!hooks().createContainer().isEmpty() || !hooks().startContainer().isEmpty()) {
      caller
          .warning()
          .accept(
              "container \"%s\": hooks createContainer and startContainer do not run at a restore,"
                      .formatted(options.id())
                  + " for which criu makes the container");
    }
  }

  private Hooks hooks() {
    return bundle.spec().hooks().orElse(Hooks.NONE);
  }

  private void run() throws IOException {
    try (CriuRun criu = CriuRun.of(caller, options.common(), LOG)) {
      int pid = restore(criu);
      criu.adopt(pid, relayed(), WHY).close();
      HookRun.of(caller, known.orElseThrow(), bundle.spec())
          .run(hooks().poststart(), "poststart", ContainerStatus.RUNNING, pid);
    }
  }

  private int restore(CriuRun criu) throws IOException {
    ExternalNamespaces joined = ExternalNamespaces.of(bundle.spec(), caller);
    List<Fd> namespaces = joined.open();
    try (Fd nothing = FileOpen.path("/dev/null", OpenFlags.RDWR)) {
      start(criu, nothing, namespaces);
      requireFeatures(criu);
      CriuOptions wanted = options(criu);
      joined.join(wanted, FIRST_INHERITED);
      return criu.session()
          .perform(RequestType.RESTORE, wanted, new Events())
          .orElseThrow(() -> new IOException("criu does not say what it has restored"));
    } catch (CriuException e) {
      throw criu.explain(e);
    } finally {
      namespaces.forEach(Fd::close);
    }
  }

  private void start(CriuRun criu, Fd nothing, List<Fd> namespaces) throws IOException {
    boolean terminal = bundle.spec().process().orElseThrow().terminal();
    List<String> names = new ArrayList<>(List.of(CriuCompiler.SOCKET));
    List<Fd> inputs = new ArrayList<>(List.of(criu.socket()));
    if (terminal) {
      names.add(CriuCompiler.NULL);
      inputs.add(nothing);
    }
    List<String> inherited = new ArrayList<>();
    for (Fd namespace : namespaces) {
      inherited.add("namespace-" + inherited.size());
      inputs.add(namespace);
    }
    names.addAll(inherited);
    Streams streams = terminal ? Streams.ELSEWHERE : Streams.CALLERS;
    if (birth.isEmpty()) {
      criu.start(plan(criu, names, inherited, Optional.empty()), inputs, streams);
      return;
    }
    try (Fd scope = birth.get().begin()) {
      names.add(SCOPE);
      inputs.add(scope);
      criu.start(plan(criu, names, inherited, Optional.of(SCOPE)), inputs, streams);
    } catch (StartException e) {
      throw birth.get().cause(e);
    }
  }

  private Plan plan(
      CriuRun criu, List<String> names, List<String> inherited, Optional<String> scope)
      throws IOException {
    return CriuCompiler.restoration(
        criu.program(),
        facts,
        new Restoration(
            options.id(),
            spec(),
            bundle.rootfs().toString(),
            bundle.directory().toString(),
            names,
            inherited,
            scope));
  }

  private Spec spec() throws IOException {
    Spec spec = ResourceClass.settled(bundle.spec());
    Linux linux = spec.linux().orElseThrow();
    return spec.toBuilder()
        .linux(linux.toBuilder().cgroupsPath(planned.cgroup()).resources(resources(bundle)).build())
        .build();
  }

  private void requireFeatures(CriuRun criu) throws IOException {
    if (options.securityProfile().isPresent() || options.mountContext().isPresent()) {
      criu.requireProfiles();
    }
    if (options.common().lazyPages()) {
      criu.requireFeature(CriuFeature.LAZY_PAGES, "lazy-pages");
    }
  }

  private CriuOptions options(CriuRun criu) throws IOException {
    CriuOptions wanted =
        criu.options(bundle.spec().annotations())
            .root(bundle.rootfs().toString())
            .sibling()
            .evasiveDevices();
    options.securityProfile().ifPresent(wanted::securityProfile);
    options.mountContext().ifPresent(wanted::mountContext);
    ExternalMounts.sources(
            bundle.spec(),
            bundle.directory().toString(),
            ContainerGroup.layout(planned, facts.cgroups()),
            planned.cgroup())
        .forEach(wanted::externalMount);
    descriptors.inherit(wanted);
    cgroups(criu.pid(), wanted);
    return wanted;
  }

  /** Where criu itself is takes the place of where the container was. */
  private static void cgroups(int criu, CriuOptions wanted) throws IOException {
    for (String line : ProcFile.read("/proc/" + criu + "/cgroup").lines().toList()) {
      String[] parts = line.split(":", 3);
      for (String controller : parts[1].split(",", -1)) {
        wanted.cgroupRoot(controller, parts[2]);
      }
    }
  }

  /** The terminal, where it is the caller who relays it. */
  private Optional<Fd> relayed() {
    return options.consoleSocket().isPresent() ? Optional.empty() : master;
  }

  /** Takes back what there is of the container, and says why. */
  private OciException undone(Exception cause) {
    OciException failure = new OciException(what + Failures.message(cause, directory), cause);
    Removal.of(caller, directory, ScopeBirth.left(birth, known.orElse(planned)))
        .takeBack(bundle.spec(), failure);
    return failure;
  }

  private final class Events implements CriuEvents {
    @Override
    public void namespacesMade(int pid) throws IOException {
      HookRun run = HookRun.of(caller, planned, bundle.spec());
      run.run(hooks().prestart(), "prestart", ContainerStatus.CREATING, pid);
      run.run(hooks().createRuntime(), "createRuntime", ContainerStatus.CREATING, pid);
    }

    @Override
    public void restored(int pid) throws IOException {
      ContainerRecord record = planned.withProcess(pid, Liveness.startTicks(pid));
      directory.saveProcess(record);
      known = Optional.of(record);
      if (options.pidFile().isPresent()) {
        PidFile.write(options.pidFile().get(), pid);
      }
    }

    @Override
    public void terminalMade(Fd terminal) throws IOException {
      if (master.isPresent()) {
        // The first is that of the container's program.
        terminal.close();
        return;
      }
      master = Optional.of(terminal);
      if (options.consoleSocket().isPresent()) {
        give(terminal, options.consoleSocket().get());
      }
    }

    private void give(Fd terminal, Path socket) throws IOException {
      try (Fd connection = Console.connect(socket);
          Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom(TERMINAL).asSlice(0, TERMINAL.length());
        int ignored = SocketMessage.send(connection, name, List.of(terminal), 0);
      } catch (KernelException e) {
        throw new IOException(
            "cannot send the terminal: " + KernelException.describe(e.number()), e);
      }
    }
  }
}

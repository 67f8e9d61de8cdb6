package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.plan.compile.NetworkDevice;
import dev.coffer.plan.compile.RootSource;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.cgroup.CgroupAccess;
import dev.coffer.runtime.cgroup.ParentCpuset;
import dev.coffer.runtime.host.NetworkDevices;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.oci.Runner.Run;
import dev.coffer.runtime.oci.Runner.Running;
import dev.coffer.runtime.rootfs.RootView;
import dev.coffer.spec.runtime.Capabilities;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The making of a container, for {@code create} and {@code run}. In this order, so that whatever is
 * cut short can be told and undone: the directory (which reserves the id), config and record, the
 * plan's processes, the record again with the pid, the pid file.
 */
final class Creation implements AutoCloseable {
  private static final String START = "start";
  private static final String CONSOLE = "console";
  private static final String SCOPE = "scope";
  private static final String HOOKS = "hooks";

  private final OciHost host;
  private final OciCaller caller;
  private final CreateOptions options;

  /** Whether the container starts at once; else it waits for {@code start}. */
  private final boolean started;

  private final Bundle bundle;
  private final ContainerProcess process;
  private final HostFacts facts;
  private final Optional<ScopeBirth> birth;
  private final List<String> names = new ArrayList<>();
  private final List<Fd> inputs = new ArrayList<>();

  /** The record once its first process is known. */
  private Optional<ContainerRecord> known = Optional.empty();

  private Creation(
      OciHost host, OciCaller caller, CreateOptions options, boolean started, Bundle bundle)
      throws IOException {
    this.host = host;
    this.caller = caller;
    this.options = options;
    this.started = started;
    this.bundle = bundle;
    this.process = bundle.spec().process().orElseThrow();
    this.facts = facts(caller, options, bundle);
    this.birth =
        options.systemd()
            ? Optional.of(
                ScopeBirth.of(
                    caller, options.id(), bundle, withDefaultDevices(linux().resources())))
            : Optional.empty();
  }

  /**
   * Makes a container. What fails leaves nothing behind.
   *
   * @param started whether it starts at once; else it waits for {@code start}
   * @return its record, which has the pid
   */
  static ContainerRecord create(
      OciHost host, OciCaller caller, CreateOptions options, boolean started) throws IOException {
    try (Created created = create(host, caller, options, started, false)) {
      return created.record();
    }
  }

  /** Makes a container and starts it, for a caller who stays until it ends. */
  static Created inForeground(OciHost host, OciCaller caller, CreateOptions options)
      throws IOException {
    return create(host, caller, options, true, true);
  }

  private static Created create(
      OciHost host, OciCaller caller, CreateOptions options, boolean started, boolean foreground)
      throws IOException {
    // Before it names a cgroup.
    boolean ignored = StateRoot.checked(options.id()).isEmpty();
    Bundle bundle = Bundle.read(options.bundle(), host.configs());
    Console.check(
        bundle.spec().process().orElseThrow().terminal(), foreground, options.consoleSocket());
    try (Creation creation = new Creation(host, caller, options, started, bundle)) {
      return creation.create();
    }
  }

  /** Who names a cgroup wants it; otherwise it can be left out where it cannot be had. */
  private static HostFacts facts(OciCaller caller, CreateOptions options, Bundle bundle)
      throws IOException {
    HostFacts facts = caller.facts();
    if (options.systemd()) {
      return facts;
    }
    HostFacts granted = granted(caller, options, bundle);
    return ParentCpuset.read(granted, bundle.cgroupsPath().orElse(options.id()));
  }

  private static HostFacts granted(OciCaller caller, CreateOptions options, Bundle bundle) {
    HostFacts facts = caller.facts();
    return bundle.cgroupsPath().isPresent() || !caller.rootless().holdsFor(facts)
        ? facts
        : facts.withCgroups(CgroupAccess.of(facts.cgroups(), options.id()));
  }

  private Created create() throws IOException {
    process.capabilities().ifPresent(this::warnOfMissing);
    warnOfUnheld();
    if (caller.states().has(options.id())) {
      throw StateRoot.taken(options.id());
    }
    ContainerRecord record = record();
    ContainerGroup.requireFree(cgroup(record));
    ResourceClass.of(bundle.spec(), options.id()).ifPresent(ResourceClass::requireFree);
    StateDirectory directory = caller.states().create(options.id());
    try {
      return directory.change(() -> made(directory, record));
    } catch (KernelException notLocked) {
      throw undone(directory, record, notLocked);
    }
  }

  @Override
  public void close() {
    inputs.forEach(Fd::close);
    birth.ifPresent(ScopeBirth::close);
  }

  /** Takes back what fails before anybody else has the directory, and could find half of it. */
  private Created made(StateDirectory directory, ContainerRecord record) throws IOException {
    try {
      directory.saveConfig(bundle.config());
      return begun(directory, record);
    } catch (IOException | RuntimeException e) {
      throw undone(directory, record, e);
    }
  }

  private Created begun(StateDirectory directory, ContainerRecord record) throws IOException {
    Fd opened = directory.open();
    try {
      return new Created(directory, opened, run(directory, record), bundle.spec());
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** What cannot be granted is a reason to warn, and none to fail (config.md, Process). */
  private void warnOfMissing(Capabilities capabilities) {
    Set<String> names = new TreeSet<>();
    for (CapabilitySet set :
        List.of(
            capabilities.bounding(),
            capabilities.effective(),
            capabilities.inheritable(),
            capabilities.permitted(),
            capabilities.ambient())) {
      names.addAll(set.unknown());
    }
    names.forEach(
        name -> caller.warning().accept("process.capabilities: \"" + name + "\" is unknown"));
    long wanted = capabilities.permitted().bits() | capabilities.bounding().bits();
    boolean remapped = linux().namespace(NamespaceType.USER).isPresent();
    long missing = remapped ? 0 : wanted & ~facts.permittedCapabilities();
    long ambient = capabilities.ambient().bits();
    long raised = ambient & capabilities.permitted().bits() & capabilities.inheritable().bits();
    warnOf(ambient & ~raised, "cannot be raised as ambient: not both permitted and inheritable");
    warnOf(missing, "cannot be granted: the caller has none of it");
  }

  /** Once for all of them: bundles that other runtimes have made name some without an effect. */
  private void warnOf(long capabilities, String what) {
    if (capabilities != 0) {
      String names =
          CapabilitySet.ofBits(capabilities).known().stream()
              .map(Capability::spelling)
              .collect(Collectors.joining(", "));
      caller.warning().accept("process.capabilities: " + names + " " + what);
    }
  }

  private void warnOfUnheld() {
    boolean held =
        !facts.cgroups().hierarchies().isEmpty()
            || linux().namespaces().stream().anyMatch(each -> each.type() == NamespaceType.PID);
    if (!held) {
      caller
          .warning()
          .accept(
              "container \"%s\" has neither a cgroup nor a pid namespace: what its first process"
                      .formatted(options.id())
                  + " leaves behind is not ended with it");
    }
  }

  private String cgroup(String id) {
    return ScopeBirth.cgroup(birth, bundle, id);
  }

  private ContainerRecord record() throws IOException {
    ContainerRecord record =
        record(
            bundle,
            facts,
            options.id(),
            cgroup(options.id()),
            ScopeBirth.unit(birth),
            options.newKeyring());
    return Namespaces.hasMounts(Namespaces.withoutOwn(linux().namespaces(), caller.pid()))
        ? record
        : record.withRootMount(
            Optional.of(
                RootMount.before(record.rootfs(), caller.states().rootMounts(options.id()))));
  }

  /** The record of a container whose plan is not known yet. */
  static ContainerRecord record(
      Bundle bundle,
      HostFacts facts,
      String id,
      String cgroup,
      Optional<String> scope,
      boolean newKeyring) {
    return new ContainerRecord(
        id,
        bundle.directory().toString(),
        bundle.rootfs().toString(),
        Instant.now().toString(),
        bundle.spec().ociVersion(),
        bundle.spec().annotations(),
        cgroup,
        new LinkedHashMap<>(facts.cgroups().ownPaths()),
        scope,
        Optional.empty(),
        newKeyring,
        new ContainerRecord.StartSteps(0, 0, List.of()),
        0,
        0);
  }

  private Linux linux() {
    return bundle.spec().linux().orElseThrow();
  }

  private Cgroup cgroup(ContainerRecord record) {
    return ContainerGroup.of(record, facts.cgroups());
  }

  private ContainerRecord run(StateDirectory directory, ContainerRecord record) throws IOException {
    PassedDescriptors passed = PassedDescriptors.of(caller, options.preservedDescriptors());
    Spec spec = ResourceClass.settled(spec(passed.listening()));
    ContainerInputs wanted = inputs(directory, passed.count());
    PlanTemplate plan = host.creations().of(options.id(), id -> wanted(id, spec, wanted));
    ContainerRecord planned = record.withStart(plan.start(options.id()));
    directory.save(planned);
    try (Fd report = directory.makeReport();
        PidfdSocket socket = PidfdSocket.connect(options.pidfdSocket());
        Running running =
            run(
                new Run(
                    plan.program(options.id()),
                    Optional.of(report),
                    inputs,
                    passed.count(),
                    Console.streams(process.terminal(), options.consoleSocket()),
                    started))) {
      ContainerRecord alive =
          planned.withProcess(running.pid(), Liveness.startTicks(running.pid()));
      known = Optional.of(alive);
      ContainerRecord begun = alive.mounted();
      known = Optional.of(begun);
      directory.saveProcess(begun);
      socket.send(running);
      if (options.pidFile().isPresent()) {
        PidFile.write(options.pidFile().get(), running.pid());
      }
      return begun;
    }
  }

  private Running run(Run run) throws IOException {
    try {
      return caller.runner().run(run);
    } catch (StartException e) {
      throw birth.isPresent() ? birth.get().cause(e) : e;
    }
  }

  /** What is wanted for a container of that id. */
  private CreationPlans.Wanted wanted(String id, Spec spec, ContainerInputs given) {
    Linux linux = spec.linux().orElseThrow();
    Spec named = spec.toBuilder().linux(linux.toBuilder().cgroupsPath(cgroup(id)).build()).build();
    return new CreationPlans.Wanted(
        named, facts, given.toBuilder(id).build(), bundle.config().length());
  }

  private Spec spec(int listening) throws IOException {
    try (Fd root =
        FileOpen.path(bundle.rootfs().toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      ContainerProcess complete =
          ProcessEnvironment.complete(process, new RootView(root)::home, listening);
      Spec.Builder spec = bundle.spec().toBuilder();
      bundle
          .spec()
          .hooks()
          .map(hooks -> HookEnvironment.complete(hooks, caller.environment(), complete.env()))
          .ifPresent(spec::hooks);
      return spec.process(complete)
          .mounts(TmpfsMode.complete(bundle.spec().mounts(), root))
          .linux(
              linux().toBuilder()
                  .namespaces(Namespaces.withoutOwn(linux().namespaces(), caller.pid()))
                  .resources(withDefaultDevices(linux().resources()))
                  .build())
          .build();
    }
  }

  /** Without a list nothing but the default devices is allowed, as other runtimes have it. */
  static Resources withDefaultDevices(Optional<Resources> wanted) {
    Resources resources = wanted.orElseGet(() -> Resources.builder().build());
    List<DeviceRule> rules = new ArrayList<>(resources.devices());
    if (rules.isEmpty()) {
      rules.add(DeviceRule.DENY_ALL);
    }
    rules.addAll(DeviceRule.DEFAULTS);
    return resources.toBuilder().devices(rules).build();
  }

  /** Opens what the plan needs, and names it. */
  private ContainerInputs inputs(StateDirectory directory, int preserved) throws IOException {
    ContainerInputs.Builder built =
        ContainerInputs.builder(
                options.id(),
                new RootSource.Directory(bundle.rootfs().toString()),
                caller.streams(process.terminal(), options.consoleSocket().isPresent()))
            .bundle(bundle.directory().toString())
            .newKeyring(options.newKeyring())
            .netDevices(netDevices());
    host.delegatedFiles().ifPresent(built::delegated);
    if (!options.pivot()) {
      built.covered(HostTrees.of(caller.pid(), bundle.rootfs()));
    }
    if (!started) {
      built.startBarrier(input(START, directory.makeStart()));
    }
    if (options.consoleSocket().isPresent()) {
      built.consoleSocket(input(CONSOLE, Console.connect(options.consoleSocket().get())));
    }
    if (birth.isPresent()) {
      built.scope(input(SCOPE, birth.get().begin()));
    }
    if (bundle.spec().hooks().isPresent()) {
      built.hookOutput(input(HOOKS, directory.openHookOutput()));
    }
    List<String> kept = new ArrayList<>();
    for (int number = 0; number < preserved; number++) {
      kept.add("preserved-" + number);
    }
    names.addAll(kept);
    return built.inputs(names).preserved(kept).build();
  }

  /** The caller's network devices that are to move, as they are where the caller is. */
  private Map<String, NetworkDevice> netDevices() throws IOException {
    Set<String> names = linux().netDevices().keySet();
    if (names.isEmpty()) {
      return Map.of();
    }
    String path = "/proc/" + caller.pid() + "/ns/" + Namespaces.file(NamespaceType.NETWORK);
    try (Fd namespace = FileOpen.path(path, OpenFlags.RDONLY)) {
      return NetworkDevices.describe(names, namespace);
    }
  }

  private String input(String name, Fd descriptor) {
    names.add(name);
    inputs.add(descriptor);
    return name;
  }

  /** Takes back what there is of the container, and says why. */
  private OciException undone(StateDirectory directory, ContainerRecord record, Exception cause) {
    String what = started ? "cannot run container" : "cannot create container";
    OciException failure =
        new OciException(
            what + " \"" + options.id() + "\": " + Failures.message(cause, directory), cause);
    Removal.of(caller, directory, ScopeBirth.left(birth, known.orElse(record)))
        .takeBack(bundle.spec(), failure);
    return failure;
  }
}

package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.ArrangeDescriptors;
import dev.coffer.plan.op.Barrier;
import dev.coffer.plan.op.BecomeMappedRoot;
import dev.coffer.plan.op.BringUpLoopback;
import dev.coffer.plan.op.ChangeOwner;
import dev.coffer.plan.op.ChangeTerminalOwner;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.DropListener;
import dev.coffer.plan.op.JoinKeyring;
import dev.coffer.plan.op.MapIds;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.NewNamespace;
import dev.coffer.plan.op.NewSession;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OwnNullDevice;
import dev.coffer.plan.op.Reap;
import dev.coffer.plan.op.ReleaseCpus;
import dev.coffer.plan.op.SetDomainname;
import dev.coffer.plan.op.SetDumpable;
import dev.coffer.plan.op.SetHostname;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The plan of one container in the making.
 *
 * <p>Stage 0, in the monitor: cgroups and limits, sources of mounts that only the host can give,
 * the birth of init, id maps. Stage 1, init: everything else. With a reaper, stage 2 is the
 * program. docs/contributors/plan.md draws the handshake.
 */
final class ContainerPlanner {
  private static final String INIT_NAME = "coffer:init";
  private static final String PROGRAM_NAME = "coffer:program";
  private static final String JOINED_USERS =
      "a new pid namespace in a user namespace that is joined";

  private final Spec spec;
  private final Linux linux;
  private final ContainerProcess process;
  private final HostFacts facts;
  private final ContainerInputs inputs;
  private final Origins origins;
  private final SlotTable slots;
  private final NamespaceChoice namespaces;
  private final CgroupPlanner cgroups;
  private final NamespacePlanner joining;

  /** Whether the cgroups are made while init makes its network namespace. */
  private final boolean overlapped;

  private final int initStage;
  private final int programStage;
  private final Optional<JoinerPlanner> joiner;
  private final NetworkDevicePlanner netDevices;
  private final Optional<ResourceClassPlanner> resourceClass;
  private final IdMapPlanner idMaps;
  private final MountPlanner mounts;
  private final DevicePlanner devices;
  private final ProcessPlanner privileges;
  private final Optional<SeccompListener> listener;
  private final HookPlanner hooks;
  private final Slot root;
  private final Optional<Slot> terminal;

  private final List<Op> monitor = new ArrayList<>();
  private final List<Op> init = new ArrayList<>();
  private final List<Op> program = new ArrayList<>();

  ContainerPlanner(
      Spec spec, HostFacts facts, ContainerInputs inputs, Optional<SeccompFilter> filter) {
    this.spec = spec;
    this.linux =
        spec.linux().orElseThrow(() -> new PlanException("linux: missing, nothing is isolated"));
    this.process = spec.process().orElseThrow(() -> new PlanException("process: missing"));
    this.facts = facts;
    this.inputs = inputs;
    this.origins = new Origins(inputs.origins());
    this.slots = new SlotTable(inputs.inputs());
    this.namespaces = NamespaceChoice.of(linux.namespaces(), inputs.joined(), slots, facts);
    CgroupPaths paths = CgroupPaths.of(linux.cgroupsPath(), inputs.id());
    this.cgroups = new CgroupPlanner(facts, paths, origins, slots);
    this.overlapped = CgroupsMeanwhile.isPossible(inputs, namespaces, cgroups);
    boolean nothingComesLater = spec.hooks().orElse(Hooks.NONE).isEmpty();
    this.joining =
        new NamespacePlanner(
            namespaces,
            linux.timeOffsets(),
            slots,
            origins,
            facts.inUserNamespace() && nothingComesLater);
    this.netDevices =
        new NetworkDevicePlanner(
            linux.netDevices(), inputs.netDevices(), namespaces, slots, origins);
    this.resourceClass =
        linux
            .intelRdt()
            .map(wanted -> new ResourceClassPlanner(wanted, inputs.id(), facts, slots, origins));
    this.devices = new DevicePlanner(linux.devices(), origins);
    this.root = rootSlot();
    this.terminal =
        inputs.streams().isTerminal() ? Optional.of(slots.add("terminal-slave")) : Optional.empty();
    this.initStage = namespaces.needsJoiner() ? 2 : 1;
    this.programStage = initStage + 1;
    this.joiner =
        namespaces.needsJoiner()
            ? Optional.of(new JoinerPlanner(initStage - 1, initStage, slots, JOINED_USERS))
            : Optional.empty();
    int stages = inputs.init() ? programStage + 1 : initStage + 1;
    this.idMaps = new IdMapPlanner(linux, namespaces, facts, slots, stages);
    this.mounts =
        new MountPlanner(
            linux.mountLabel(),
            namespaces,
            facts,
            paths,
            devices,
            idMaps,
            inputs,
            root,
            slots,
            terminal.isPresent());
    this.listener = SeccompListener.of(linux.seccomp(), filter, facts, slots);
    this.privileges =
        new ProcessPlanner(
            process,
            facts,
            origins,
            namespaces.remapped(),
            filter,
            listener.map(SeccompListener::descriptor));
    this.hooks =
        new HookPlanner(
            spec, inputs.id(), inputs.bundle(), origins, inputs.hookOutput().map(slots::input));
  }

  Plan plan() {
    refuseUnsupported();
    for (int index = 0; index < spec.mounts().size(); index++) {
      mounts.add(spec.mounts().get(index), index, origins.of("mounts[" + index + "]"));
    }
    planBirth();
    planIsolation();
    init.addAll(planRoot());
    init.addAll(cgroups.furnished());
    planHandshake();
    planProgram();
    List<Stage> stages = new ArrayList<>();
    stages.add(
        new Stage("coffer:monitor", joiner.map(each -> each.relayed(monitor)).orElse(monitor)));
    joiner.ifPresent(each -> stages.add(new Stage(JoinerPlanner.NAME, each.operations())));
    stages.add(new Stage(INIT_NAME, init));
    if (!program.isEmpty()) {
      stages.add(new Stage(PROGRAM_NAME, program));
    }
    stages.addAll(idMaps.stages());
    return new Plan(facts.architecture(), stages, slots.names(), slots.inputSlots());
  }

  private void refuseUnsupported() {
    boolean mapped = !linux.uidMappings().isEmpty() || !linux.gidMappings().isEmpty();
    if (mapped && !namespaces.remapped()) {
      throw new PlanException("linux.uidMappings: there is no user namespace that they could map");
    }
    refuse(linux.mountLabel().isPresent() && !facts.seLinux(), "linux.mountLabel");
    refuse(spec.vm().isPresent(), "vm");
    NamespacedSysctls.check(linux.sysctl(), spec.domainname(), namespaces);
    refuseWhereShared("linux.maskedPaths", linux.maskedPaths());
    refuseWhereShared("linux.readonlyPaths", linux.readonlyPaths());
    if (linux.maskedPaths().stream().map(Paths::normalize).anyMatch(Paths.ROOT::equals)) {
      throw new PlanException("linux.maskedPaths: the root cannot be masked (name what is in it)");
    }
    refuseOnHost("hostname", spec.hostname());
    refuseOnHost("domainname", spec.domainname());
  }

  private void refuseOnHost(String field, Optional<String> name) {
    if (name.isPresent() && !namespaces.has(Namespace.UTS)) {
      throw new PlanException(
          field
              + ": the container has the host's uts namespace, so setting it would change the host");
    }
  }

  /** Who has the host's mounts can take away what is mounted over a path. */
  private void refuseWhereShared(String field, List<String> paths) {
    if (!paths.isEmpty() && namespaces.sharesMounts()) {
      throw new PlanException(field + ": needs a mount namespace of the container's own");
    }
  }

  private static void refuse(boolean wanted, String field) {
    if (wanted) {
      throw PlanException.notSupported(field, "this host or this version cannot do it");
    }
  }

  private Slot rootSlot() {
    return switch (inputs.root()) {
      case RootSource.Descriptor(String input) -> slots.input(input);
      case RootSource.Directory _ -> slots.add("rootfs");
    };
  }

  /** The monitor's part up to the birth of init, and what it owes init afterwards. */
  private void planBirth() {
    if (overlapped) {
      cgroups.comeAfterBirth();
    }
    if (inputs.scope().isEmpty()) {
      boolean rooted = namespaces.creates(Namespace.CGROUP);
      planCgroups(rooted ? cgroups::joinAsRoot : cgroups::join);
    }
    resourceClass.ifPresent(this::planResourceClass);
    monitor.addAll(idMaps.monitor());
    monitor.addAll(mounts.monitor());
    monitor.addAll(idMaps.done());
    monitor.addAll(joining.beforeBirth());
    Optional<ScopePlanner> scope =
        inputs.scope().map(input -> new ScopePlanner(initStage, slots.input(input)));
    scope.ifPresent(each -> init.add(each.waiting()));
    joiner.ifPresentOrElse(this::planBirthOfJoiner, this::planBirthOfInit);
    scope.ifPresent(this::planScope);
    List<Slot> done = new ArrayList<>(cgroups.opened());
    resourceClass.ifPresent(each -> done.addAll(each.opened()));
    done.addAll(mounts.monitorSlots());
    if (!lateFilter().isEmpty()) {
      cgroups.unified().ifPresent(done::remove);
    }
    if (!done.isEmpty()) {
      monitor.add(new CloseSlots(done, "init has its own"));
    }
    if (namespaces.creates(Namespace.USER)) {
      planIdMaps();
    }
  }

  /** The cgroups with their limits, and how init gets into them. */
  private void planCgroups(Consumer<String> entry) {
    cgroups.plan(linux.resources(), mountsDevices() ? List.of() : deviceRules(), entry);
    CgroupOwner.of(spec, namespaces)
        .ifPresent(owner -> cgroups.delegate(owner, inputs.delegated()));
    monitor.addAll(overlapped ? cgroups.birthplace() : cgroups.monitor());
  }

  private List<DeviceRule> deviceRules() {
    return linux.resources().map(Resources::devices).orElse(List.of());
  }

  private boolean mountsDevices() {
    return spec.mounts().stream().anyMatch(MountSource::mayBeOnDevice);
  }

  /** The filter that has to wait; empty: there is none, or it is there from the first. */
  private List<Op> lateFilter() {
    return mountsDevices() ? cgroups.deviceFilter(deviceRules()) : List.of();
  }

  private List<Op> planLateFilter() {
    return LateDeviceFilter.plan(lateFilter(), cgroups.unified(), initStage, monitor);
  }

  private void planScope(ScopePlanner scope) {
    monitor.addAll(scope.handOver());
    planCgroups(cgroups::complete);
    monitor.add(scope.release());
  }

  private void planResourceClass(ResourceClassPlanner planner) {
    planner.create();
    planner.join();
    monitor.addAll(planner.monitor());
  }

  /** What a process joins before anything else, while the descriptors of before are its own. */
  private List<Op> groups() {
    List<Op> ops = new ArrayList<>(cgroups.init());
    resourceClass.ifPresent(each -> ops.addAll(each.process()));
    String why = "nothing of the host's waits in the container for its start";
    cgroups.unified().ifPresent(host -> ops.add(new CloseSlots(List.of(host), why)));
    ops.add(new ReleaseCpus("the CPUs are the cgroup's to choose"));
    return ops;
  }

  private void planBirthOfInit() {
    monitor.add(
        new CloneStage(
            initStage,
            INIT_NAME,
            overlapped
                ? namespaces.birthFlags() & ~Namespace.NETWORK.flag()
                : namespaces.birthFlags(),
            cgroups.unified(),
            Optional.empty(),
            SlotTable.INIT_PID,
            Optional.of(SlotTable.INIT_PIDFD),
            origins.of("linux.namespaces")));
    monitor.addAll(joining.afterBirth());
    if (overlapped) {
      init.addAll(CgroupsMeanwhile.first(origins.of("linux.namespaces")));
      monitor.addAll(cgroups.monitor());
      monitor.add(CgroupsMeanwhile.done(initStage));
    }
    init.addAll(groups());
    if (namespaces.joins(Namespace.USER)) {
      init.addAll(privileges.limits(Optional.empty()));
    }
  }

  /** Cgroups and limits come first here as well: init inherits them. */
  private void planBirthOfJoiner(JoinerPlanner joins) {
    monitor.add(joins.birth(namespaces.birthFlags(), cgroups.unified(), Optional.empty()));
    monitor.addAll(joining.afterBirth());
    joins.operations().addAll(groups());
    joins.operations().addAll(privileges.limits(Optional.empty()));
    joins.operations().addAll(joining.entries());
    monitor.addAll(joins.deliver(INIT_NAME, Namespace.PID.flag(), origins.of("linux.namespaces")));
  }

  private void planIdMaps() {
    boolean deny = ProcessPlanner.denySetgroups(facts);
    String why = origins.of("linux.uidMappings");
    if (linux.uidMappings().isEmpty() || linux.gidMappings().isEmpty()) {
      throw new PlanException("linux.uidMappings: a user namespace needs id maps");
    }
    boolean several =
        Stream.of(linux.uidMappings(), linux.gidMappings())
            .anyMatch(each -> each.size() > 1 || each.getFirst().size() > 1);
    if (deny && several) {
      throw PlanException.notSupported(
          "linux.uidMappings",
          "more than the one own id of a user who is not root (newuidmap is not run)");
    }
    // The files belong to root of the host until init, in which nobody else is yet, opens them.
    boolean opened = !facts.mayMount();
    if (opened) {
      String open = "a monitor that is not root may write the id maps";
      init.add(new SetDumpable(true, open));
      init.add(Sync.send(Sync.PARENT, 'u', open));
      monitor.add(Sync.receive(initStage, 'u', open));
    }
    monitor.add(
        new MapIds(
            SlotTable.INIT_PID,
            IdMapPlanner.lines(linux.uidMappings()),
            IdMapPlanner.lines(linux.gidMappings()),
            deny,
            why));
    monitor.addAll(privileges.limits(Optional.of(SlotTable.INIT_PID)));
    monitor.add(Sync.send(initStage, 'm', "the id maps are written"));
    init.add(Sync.receive(Sync.PARENT, 'm', "the id maps are written"));
    if (opened) {
      init.add(new SetDumpable(false, "the id maps are written"));
    }
    init.add(new BecomeMappedRoot(!deny, why));
  }

  /** Init's first steps, before it touches a mount. */
  private void planIsolation() {
    init.add(new NewSession("every container has a session of its own"));
    if (inputs.newKeyring()) {
      init.add(new JoinKeyring("_ses." + inputs.id(), "every container has a keyring of its own"));
    }
    if (joiner.isEmpty()) {
      init.addAll(joining.entries());
    }
    init.addAll(joining.created());
    if (!netDevices.isEmpty()) {
      planNetworkDevices();
    }
    if (namespaces.joins(Namespace.USER)) {
      init.add(new BecomeMappedRoot(!ProcessPlanner.denySetgroups(facts), "joined user namespace"));
    }
    if (namespaces.creates(Namespace.CGROUP)) {
      init.add(
          new NewNamespace(Namespace.CGROUP, Optional.empty(), origins.of("linux.namespaces")));
      init.addAll(cgroups.outside());
    }
    if (!namespaces.remapped()) {
      init.addAll(privileges.limits(Optional.empty()));
    }
    init.addAll(InheritedSettings.of(linux, origins));
    if (namespaces.creates(Namespace.NETWORK) && !overlapped) {
      init.add(new BringUpLoopback(origins.of("linux.namespaces")));
    }
    spec.hostname().ifPresent(name -> init.add(new SetHostname(name, origins.of("hostname"))));
    spec.domainname()
        .ifPresent(name -> init.add(new SetDomainname(name, origins.of("domainname"))));
  }

  private void planNetworkDevices() {
    String ready = "the network namespace is there";
    init.add(Sync.send(Sync.PARENT, 'd', ready));
    monitor.add(Sync.receive(initStage, 'd', ready));
    monitor.addAll(netDevices.monitor());
    String moved = "the network devices are there";
    monitor.add(Sync.send(initStage, 'e', moved));
    init.add(Sync.receive(Sync.PARENT, 'e', moved));
  }

  private List<Op> planRoot() {
    RootPlanner planner =
        new RootPlanner(
            spec,
            linux,
            process,
            inputs,
            namespaces,
            origins,
            slots,
            mounts,
            privileges,
            root,
            terminal);
    List<Op> ops = new ArrayList<>(planner.mounted());
    if (!mounts.foreignDev()) {
      boolean unprivileged = namespaces.remapped() || facts.inUserNamespace();
      ops.addAll(devices.elsewhere(root, mounts.dev().isPresent(), unprivileged, slots));
    }
    ops.addAll(planner.furnished());
    ops.addAll(planLateFilter());
    spec.hooks()
        .ifPresent(wanted -> ops.addAll(hooks.beforePivot(wanted, monitor, initStage, root)));
    ops.addAll(planner.entered());
    return ops;
  }

  /** What the monitor gets from init once the container is set up. */
  private void planHandshake() {
    terminal.ifPresent(
        _ -> {
          String why = "the monitor relays the terminal";
          Optional<Slot> master = Optional.of(SlotTable.TERMINAL);
          init.add(new Sync(Sync.PARENT, Sync.Direction.SEND, 't', master, false, why));
          init.add(new CloseSlots(List.of(SlotTable.TERMINAL), why));
          monitor.add(new Sync(initStage, Sync.Direction.RECEIVE, 't', master, false, why));
          inputs
              .consoleSocket()
              .ifPresent(name -> monitor.addAll(ConsoleSocket.give(slots.input(name), why)));
        });
    if (terminal.isEmpty()) {
      init.add(ownNullDevice());
    }
    if (process.user().uid() != 0) {
      String why = origins.of("process.user");
      terminal.ifPresent(
          slave -> init.add(new ChangeTerminalOwner(slave, process.user().uid(), why)));
      if (inputs.streams() == StandardStreams.PIPES) {
        init.add(new ChangeOwner(SlotTable.STREAMS, process.user().uid(), why));
      }
    }
  }

  private Op ownNullDevice() {
    String why = "nothing of the host's is left to the program";
    return mounts
        .dev()
        .map(dev -> new OwnNullDevice(SlotTable.STREAMS, dev, "null", why))
        .orElseGet(() -> new OwnNullDevice(SlotTable.STREAMS, root, "dev/null", why));
  }

  private void planProgram() {
    List<Op> ops = inputs.init() ? program : init;
    init.add(new ArrangeDescriptors(descriptors(), "the program sees these and no others"));
    Optional<Slot> pidfd = planReapedProgram();
    if (inputs.startBarrier().isPresent()) {
      ops.add(privileges.find());
    }
    ops.addAll(privileges.privileges());
    listener.ifPresent(agent -> planListener(agent, pidfd));
    planStart(ops);
    ops.add(privileges.execute(inputs.startBarrier().isPresent()));
    if (inputs.init()) {
      init.addAll(privileges.identity());
      init.add(new Reap(programStage, origins.of("init")));
    }
    planPoststart();
  }

  /** With a reaper, the program is init's child; its pidfd is kept where it is asked for. */
  private Optional<Slot> planReapedProgram() {
    if (!inputs.init()) {
      return Optional.empty();
    }
    Slot pid = slots.add("program-pid");
    Optional<Slot> pidfd = listener.map(_ -> slots.add("program-pidfd"));
    init.add(
        new CloneStage(
            programStage,
            PROGRAM_NAME,
            0,
            Optional.empty(),
            Optional.empty(),
            pid,
            pidfd,
            origins.of("init")));
    return pidfd;
  }

  /** From the process that has loaded the filter to the agent. */
  private void planListener(SeccompListener agent, Optional<Slot> program) {
    if (program.isPresent()) {
      String why = "the monitor knows the agent";
      Optional<Slot> descriptor = Optional.of(agent.descriptor());
      init.add(agent.grab(program.get()));
      init.add(new Sync(Sync.PARENT, Sync.Direction.SEND, 'n', descriptor, false, why));
      init.add(new CloseSlots(List.of(program.get(), agent.descriptor()), why));
      monitor.add(new Sync(initStage, Sync.Direction.RECEIVE, 'n', descriptor, false, why));
    } else {
      monitor.add(agent.grab(SlotTable.INIT_PIDFD));
    }
    monitor.addAll(agent.send(hooks.state(ContainerStatus.CREATING)));
    if (inputs.startBarrier().isPresent()) {
      init.add(new DropListener(agent.descriptor(), "the agent may end before the start"));
    }
  }

  /** For {@code create}: tell that all is ready, then wait for {@code start}. */
  private void planStart(List<Op> ops) {
    if (inputs.startBarrier().isPresent()) {
      if (inputs.init()) {
        throw PlanException.notSupported("init", "together with a separate start");
      }
      String why = "the container is created, not started";
      ops.add(Sync.send(Sync.PARENT, 'c', why));
      monitor.add(Sync.receive(initStage, 'c', why));
      ops.add(new Barrier(slots.input(inputs.startBarrier().get()), why));
    }
    // The filter holds for these hooks as well: they are of the container's own files.
    ops.addAll(privileges.lateFilter());
    spec.hooks()
        .ifPresent(
            wanted ->
                ops.addAll(
                    hooks.run(wanted.startContainer(), "startContainer", ContainerStatus.CREATED)));
  }

  private void planPoststart() {
    List<dev.coffer.spec.runtime.Hook> wanted =
        spec.hooks().map(Hooks::poststart).orElse(List.of());
    // After create nobody waits here; who starts the container runs them.
    if (wanted.isEmpty() || inputs.startBarrier().isPresent()) {
      return;
    }
    monitor.add(
        new Sync(
            initStage,
            Sync.Direction.RECEIVE,
            'x',
            Optional.empty(),
            true,
            "the program has started"));
    monitor.addAll(hooks.run(wanted, "poststart", ContainerStatus.RUNNING));
  }

  private List<Slot> descriptors() {
    List<Slot> descriptors = new ArrayList<>();
    if (terminal.isPresent()) {
      descriptors.addAll(List.of(terminal.get(), terminal.get(), terminal.get()));
    } else {
      descriptors.addAll(SlotTable.STREAMS);
    }
    inputs.preserved().forEach(name -> descriptors.add(slots.input(name)));
    return descriptors;
  }
}

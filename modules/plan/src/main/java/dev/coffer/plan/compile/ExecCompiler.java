package dev.coffer.plan.compile;

import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.ArrangeDescriptors;
import dev.coffer.plan.op.BecomeMappedRoot;
import dev.coffer.plan.op.ChangeDirectory;
import dev.coffer.plan.op.ChangeOwner;
import dev.coffer.plan.op.ChangeRoot;
import dev.coffer.plan.op.ChangeTerminalOwner;
import dev.coffer.plan.op.CloneOnCpus;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.EnterNamespace;
import dev.coffer.plan.op.JoinKeyring;
import dev.coffer.plan.op.KeepLineFeeds;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.NewSession;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenCgroup;
import dev.coffer.plan.op.OpenHostDirectory;
import dev.coffer.plan.op.OpenTerminal;
import dev.coffer.plan.op.OwnNullDevice;
import dev.coffer.plan.op.ReleaseCpus;
import dev.coffer.plan.op.SetCpuAffinity;
import dev.coffer.plan.op.SetDumpable;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import dev.coffer.plan.op.TakeTerminal;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.spec.runtime.ConsoleSize;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.CpuAffinity;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles the start of a further process in a running container. Safe for many threads. */
public final class ExecCompiler {
  /** Name of the first input: the pidfd of the container's init. */
  public static final String CONTAINER = "container";

  private static final String PROGRAM_NAME = "coffer:exec";
  private static final String SEEN_FROM_INSIDE = "the container sees what is born in it";
  private static final String NO_RIGHT_OUTSIDE =
      "the right to enter is the container's user namespace's";

  private final SeccompFilters filters;

  public ExecCompiler(SeccompFilters filters) {
    this.filters = filters;
  }

  /**
   * The plan that starts a process in a container. It runs in a monitor of its own, which may be of
   * no further use for starting anything: its children may be born in the container's pid
   * namespace.
   *
   * @throws PlanException when the process asks for what cannot be done
   */
  public Plan compile(ContainerProcess process, HostFacts facts, ExecInputs inputs) {
    Optional<SeccompFilter> filter =
        inputs.seccomp().map(seccomp -> filters.of(seccomp, facts.architecture()));
    return new Draft(process, facts, inputs, filter).plan();
  }

  private static final class Draft {
    private final ContainerProcess process;
    private final HostFacts facts;
    private final ExecInputs inputs;
    private final Origins origins = new Origins(Map.of());
    private final SlotTable slots;
    private final Slot container;
    private final Slot root;
    private final boolean remapped;
    private final Optional<JoinerPlanner> joiner;
    private final int programStage;
    private final Optional<SeccompListener> listener;
    private final ProcessPlanner privileges;
    private final CgroupPlanner cgroups;
    private final List<Op> monitor = new ArrayList<>();
    private final List<Op> program = new ArrayList<>();

    Draft(
        ContainerProcess process,
        HostFacts facts,
        ExecInputs inputs,
        Optional<SeccompFilter> filter) {
      this.process = process;
      this.facts = facts;
      this.inputs = inputs;
      List<String> names = new ArrayList<>(List.of(CONTAINER));
      inputs.consoleSocket().ifPresent(names::add);
      inputs.root().ifPresent(names::add);
      names.addAll(inputs.preserved());
      this.slots = new SlotTable(names);
      this.container = slots.input(CONTAINER);
      this.root = slots.add("root");
      this.remapped = inputs.namespaces().contains(NamespaceType.USER);
      this.programStage = needsJoiner() ? 2 : 1;
      this.joiner =
          needsJoiner()
              ? Optional.of(
                  new JoinerPlanner(
                      1, programStage, slots, remapped ? NO_RIGHT_OUTSIDE : SEEN_FROM_INSIDE))
              : Optional.empty();
      this.listener = SeccompListener.of(inputs.seccomp(), filter, facts, slots);
      this.privileges =
          new ProcessPlanner(
              process, facts, origins, remapped, filter, listener.map(SeccompListener::descriptor));
      CgroupPaths paths =
          CgroupPaths.of(inputs.cgroupsPath(), inputs.containerId())
              .below(inputs.subCgroups(), facts.cgroups());
      this.cgroups = new CgroupPlanner(facts, paths, origins, slots);
    }

    /**
     * Whether the container's processes see the program from its birth, and may have the right to
     * trace it: those in a user namespace of their own never have it before it is there as well.
     * Who is not root has to be in there to enter the pid namespace.
     */
    private boolean needsJoiner() {
      return remapped ? !facts.mayMount() : inputs.namespaces().contains(NamespaceType.PID);
    }

    Plan plan() {
      planBirth();
      planEntry();
      Optional<Slot> terminal = planTerminal();
      planProgram(terminal);
      List<Stage> stages = new ArrayList<>();
      stages.add(
          new Stage("coffer:monitor", joiner.map(each -> each.relayed(monitor)).orElse(monitor)));
      joiner.ifPresent(each -> stages.add(new Stage(JoinerPlanner.NAME, each.operations())));
      stages.add(new Stage(PROGRAM_NAME, program));
      return new Plan(facts.architecture(), stages, slots.names(), slots.inputSlots());
    }

    private void planBirth() {
      cgroups.join("the container's cgroup");
      monitor.addAll(cgroups.monitor());
      Optional<ResourceClassPlanner> resourceClass = planResourceClass();
      List<Slot> done = new ArrayList<>(cgroups.opened());
      resourceClass.ifPresent(each -> done.addAll(each.opened()));
      Optional<Slot> fallback = planFallback();
      fallback.ifPresent(done::add);
      if (joiner.isPresent()) {
        planBirthInside(joiner.get(), resourceClass, fallback);
      } else {
        if (inputs.namespaces().contains(NamespaceType.PID)) {
          monitor.add(enter(Namespace.PID, Namespace.PID.flag()));
        }
        monitor.add(
            onInitialCpus(
                new CloneStage(
                    programStage,
                    PROGRAM_NAME,
                    0,
                    cgroups.unified(),
                    fallback,
                    SlotTable.INIT_PID,
                    Optional.of(SlotTable.INIT_PIDFD),
                    "exec")));
        planMembership(program, resourceClass);
      }
      if (!done.isEmpty()) {
        monitor.add(new CloseSlots(done, "the process has its own"));
      }
      if (remapped && joiner.isEmpty()) {
        monitor.addAll(privileges.limits(Optional.of(SlotTable.INIT_PID)));
        monitor.add(Sync.send(programStage, 'm', "the limits are set"));
      }
    }

    /**
     * What is born in the container's pid namespace can be traced by whoever has CAP_SYS_PTRACE in
     * there (CVE-2016-9962). So its root and working directory are the container's already, and it
     * has no descriptor of the host's but those that it is given.
     */
    private void planBirthInside(
        JoinerPlanner joins,
        Optional<ResourceClassPlanner> resourceClass,
        Optional<Slot> fallback) {
      monitor.add(onInitialCpus(joins.birth(0, cgroups.unified(), fallback)));
      List<Op> ops = joins.operations();
      planMembership(ops, resourceClass);
      if (remapped) {
        String why = "a process that is not root sets its own limits";
        ops.add(new SetDumpable(true, why));
        ops.addAll(privileges.limits(Optional.empty()));
        ops.add(new SetDumpable(false, why));
      } else {
        ops.addAll(privileges.oomScore(Optional.empty()));
      }
      ops.add(enter(first(), flags() | pidFlag()));
      planRoot(ops);
      List<Slot> strangers = new ArrayList<>(List.of(container));
      cgroups.unified().ifPresent(strangers::add);
      fallback.ifPresent(strangers::add);
      inputs.consoleSocket().map(slots::input).ifPresent(strangers::add);
      ops.add(new CloseSlots(strangers, "nothing of the host's is seen from inside"));
      monitor.addAll(joins.deliver(PROGRAM_NAME, 0, "exec"));
    }

    /** On the CPUs that the process is to have before it joins the container's cgroup. */
    private Op onInitialCpus(CloneStage clone) {
      Optional<String> cpus = process.execCPUAffinity().flatMap(CpuAffinity::initialCpus);
      if (cpus.isEmpty()) {
        return clone;
      }
      String field = "process.execCPUAffinity.initial";
      return new CloneOnCpus(cpus.get(), NumberList.mask(cpus.get(), field), clone);
    }

    /** The process moves itself to where the container's others are. */
    private void planMembership(List<Op> ops, Optional<ResourceClassPlanner> resourceClass) {
      resourceClass.ifPresent(each -> ops.addAll(each.process()));
      ops.addAll(cgroups.init());
      ops.addAll(cgroups.furnished());
      planFinalCpus(ops);
    }

    /** The CPUs that it is to have once it is in the container's cgroup. */
    private void planFinalCpus(List<Op> ops) {
      if (process.execCPUAffinity().isEmpty()) {
        ops.add(new ReleaseCpus("the CPUs are the cgroup's to choose"));
      }
      String field = "process.execCPUAffinity.final";
      process
          .execCPUAffinity()
          .flatMap(CpuAffinity::finalCpus)
          .ifPresent(
              cpus -> ops.add(new SetCpuAffinity(cpus, NumberList.mask(cpus, field), field)));
    }

    private Optional<ResourceClassPlanner> planResourceClass() {
      Optional<ResourceClassPlanner> planner =
          inputs
              .linux()
              .flatMap(Linux::intelRdt)
              .map(
                  wanted ->
                      new ResourceClassPlanner(
                          wanted, inputs.containerId(), facts, slots, origins));
      planner.ifPresent(
          each -> {
            each.join();
            monitor.addAll(each.monitor());
          });
      return planner;
    }

    private Optional<Slot> planFallback() {
      Optional<Hierarchy> unified = facts.cgroups().unified();
      if (unified.isEmpty() || inputs.initCgroup().isEmpty()) {
        return Optional.empty();
      }
      Slot slot = slots.add("init-cgroup");
      String directory = unified.get().mountPoint() + inputs.initCgroup().get();
      monitor.add(new OpenCgroup(directory, false, slot, "the cgroup that init is in now"));
      return Optional.of(slot);
    }

    private Op enter(Namespace namespace, long flags) {
      return new EnterNamespace(
          namespace,
          Optional.empty(),
          Optional.of(container),
          flags,
          Optional.empty(),
          "the container's namespaces");
    }

    /** Those that are entered by the pidfd, all at once: the kernel takes the user's first. */
    private long flags() {
      long flags = 0;
      for (NamespaceType type : inputs.namespaces()) {
        Namespace namespace = NamespaceChoice.namespace(type);
        flags |= namespace == Namespace.PID ? 0 : namespace.flag();
      }
      return flags;
    }

    private long pidFlag() {
      return inputs.namespaces().contains(NamespaceType.PID) ? Namespace.PID.flag() : 0;
    }

    /** What the kernel enters first of them. */
    private Namespace first() {
      return remapped ? Namespace.USER : Namespace.MOUNT;
    }

    private void planEntry() {
      if (remapped && joiner.isEmpty()) {
        program.add(Sync.receive(Sync.PARENT, 'm', "the limits are set"));
      } else if (!remapped && joiner.isPresent()) {
        program.addAll(privileges.limitsByCall(Optional.empty()));
      } else if (!remapped) {
        program.addAll(privileges.limits(Optional.empty()));
      }
      program.add(new NewSession("every process started from outside has its own session"));
      if (inputs.newKeyring()) {
        program.add(new JoinKeyring("_ses." + inputs.containerId(), "the container's keyring"));
      }
      inputs.linux().ifPresent(linux -> program.addAll(InheritedSettings.of(linux, origins)));
      if (flags() != 0 && joiner.isEmpty()) {
        program.add(enter(first(), flags()));
      }
      if (remapped) {
        program.add(new BecomeMappedRoot(!ProcessPlanner.denySetgroups(facts), "user namespace"));
      }
      if (joiner.isEmpty()) {
        planRoot(program);
      }
      program.add(new OpenHostDirectory("/", 0, root, "the container's root"));
      if (privileges.labelled()) {
        Slot proc = slots.add("proc");
        program.add(new OpenHostDirectory("/proc", Kernel.PROC_MAGIC, proc, "security label"));
        program.addAll(privileges.labels(proc));
      }
    }

    /** Its namespaces have given it the container's root, unless that is not a namespace's. */
    private void planRoot(List<Op> ops) {
      inputs
          .root()
          .map(slots::input)
          .ifPresent(
              given -> {
                ops.add(new ChangeRoot(given, "the container's root"));
                ops.add(new CloseSlots(List.of(given), "the container's root"));
              });
    }

    private Optional<Slot> planTerminal() {
      if (!inputs.streams().isTerminal()) {
        return Optional.empty();
      }
      Slot slave = slots.add("terminal-slave");
      Optional<Slot> master = Optional.of(SlotTable.TERMINAL);
      int rows = process.consoleSize().map(ConsoleSize::height).orElse(0L).intValue();
      int columns = process.consoleSize().map(ConsoleSize::width).orElse(0L).intValue();
      String why = "process.terminal";
      program.add(
          new OpenTerminal(root, "dev/pts/ptmx", SlotTable.TERMINAL, slave, rows, columns, why));
      if (inputs.streams() == StandardStreams.TERMINAL_TO_FILE) {
        program.add(new KeepLineFeeds(slave, why));
      }
      program.add(new TakeTerminal(slave, why));
      String relay = "the monitor relays the terminal";
      program.add(new Sync(Sync.PARENT, Sync.Direction.SEND, 't', master, false, relay));
      program.add(new CloseSlots(List.of(SlotTable.TERMINAL), relay));
      monitor.add(new Sync(programStage, Sync.Direction.RECEIVE, 't', master, false, relay));
      inputs
          .consoleSocket()
          .ifPresent(name -> monitor.addAll(ConsoleSocket.give(slots.input(name), why)));
      return Optional.of(slave);
    }

    private void planProgram(Optional<Slot> terminal) {
      program.add(new ChangeDirectory(root, process.cwd(), false, "process.cwd"));
      if (terminal.isEmpty()) {
        String why = "nothing of the host's is left to the program";
        program.add(new OwnNullDevice(SlotTable.STREAMS, root, "dev/null", why));
      }
      long user = process.user().uid();
      if (user != 0) {
        terminal.ifPresent(
            slave -> program.add(new ChangeTerminalOwner(slave, user, "process.user")));
        if (inputs.streams() == StandardStreams.PIPES) {
          program.add(new ChangeOwner(streams(terminal), user, "process.user"));
        }
      }
      List<Slot> descriptors = new ArrayList<>(streams(terminal));
      inputs.preserved().forEach(name -> descriptors.add(slots.input(name)));
      program.add(new ArrangeDescriptors(descriptors, "the program sees these and no others"));
      program.addAll(privileges.privileges());
      listener.ifPresent(this::planListener);
      program.addAll(privileges.lateFilter());
      program.add(privileges.execute(false));
    }

    private void planListener(SeccompListener agent) {
      State state =
          inputs
              .state()
              .orElseThrow(
                  () ->
                      PlanException.notSupported(
                          "linux.seccomp", "SCMP_ACT_NOTIFY without the container's state"));
      monitor.add(agent.grab(SlotTable.INIT_PIDFD));
      monitor.addAll(agent.send(state));
    }

    private static List<Slot> streams(Optional<Slot> terminal) {
      return terminal.map(slave -> List.of(slave, slave, slave)).orElse(SlotTable.STREAMS);
    }
  }
}

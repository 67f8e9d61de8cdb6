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
import dev.coffer.plan.op.ChangeTerminalOwner;
import dev.coffer.plan.op.CloneOnCpus;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.EnterNamespace;
import dev.coffer.plan.op.JoinKeyring;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.NewSession;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenCgroup;
import dev.coffer.plan.op.OpenHostDirectory;
import dev.coffer.plan.op.OpenTerminal;
import dev.coffer.plan.op.OwnNullDevice;
import dev.coffer.plan.op.SetCpuAffinity;
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

  private static final int PROGRAM = 1;
  private static final String PROGRAM_NAME = "coffer:exec";
  private final SeccompFilters filters;

  public ExecCompiler(SeccompFilters filters) {
    this.filters = filters;
  }

  /**
   * The plan that starts a process in a container. It runs in a monitor of its own, which is of no
   * further use for starting anything: its children are born in the container's pid namespace.
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
      names.addAll(inputs.preserved());
      this.slots = new SlotTable(names);
      this.container = slots.input(CONTAINER);
      this.root = slots.add("root");
      this.remapped = inputs.namespaces().contains(NamespaceType.USER);
      this.listener = SeccompListener.of(inputs.seccomp(), filter, facts, slots);
      this.privileges =
          new ProcessPlanner(
              process, facts, origins, remapped, filter, listener.map(SeccompListener::descriptor));
      CgroupPaths paths = CgroupPaths.of(inputs.cgroupsPath(), inputs.containerId());
      this.cgroups = new CgroupPlanner(facts, paths, origins, slots);
    }

    Plan plan() {
      planBirth();
      planEntry();
      Optional<Slot> terminal = planTerminal();
      planProgram(terminal);
      return new Plan(
          facts.architecture(),
          List.of(new Stage("coffer:monitor", monitor), new Stage(PROGRAM_NAME, program)),
          slots.names(),
          slots.inputSlots());
    }

    private void planBirth() {
      cgroups.join("the container's cgroup");
      monitor.addAll(cgroups.monitor());
      Optional<ResourceClassPlanner> resourceClass = planResourceClass();
      List<Slot> done = new ArrayList<>(cgroups.opened());
      resourceClass.ifPresent(each -> done.addAll(each.opened()));
      Optional<Slot> fallback = planFallback();
      fallback.ifPresent(done::add);
      if (inputs.namespaces().contains(NamespaceType.PID)) {
        monitor.add(enter(Namespace.PID, Namespace.PID.flag()));
      }
      monitor.add(birth(fallback));
      if (!done.isEmpty()) {
        monitor.add(new CloseSlots(done, "the process has its own"));
      }
      if (remapped) {
        monitor.addAll(privileges.limits(Optional.of(SlotTable.INIT_PID)));
        monitor.add(Sync.send(PROGRAM, 'm', "the limits are set"));
      }
    }

    /** On the CPUs that the process is to have before it joins the container's cgroup. */
    private Op birth(Optional<Slot> fallback) {
      CloneStage clone =
          new CloneStage(
              PROGRAM,
              PROGRAM_NAME,
              0,
              cgroups.unified(),
              fallback,
              SlotTable.INIT_PID,
              Optional.of(SlotTable.INIT_PIDFD),
              "exec");
      Optional<String> cpus = process.execCPUAffinity().flatMap(CpuAffinity::initialCpus);
      if (cpus.isEmpty()) {
        return clone;
      }
      String field = "process.execCPUAffinity.initial";
      return new CloneOnCpus(cpus.get(), NumberList.mask(cpus.get(), field), clone);
    }

    /** The CPUs that it is to have once it is in the container's cgroup. */
    private void planFinalCpus() {
      String field = "process.execCPUAffinity.final";
      process
          .execCPUAffinity()
          .flatMap(CpuAffinity::finalCpus)
          .ifPresent(
              cpus -> program.add(new SetCpuAffinity(cpus, NumberList.mask(cpus, field), field)));
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
            program.addAll(each.process());
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

    /** All at once, by the pidfd: the kernel takes the user namespace first. */
    private void planEntry() {
      program.addAll(cgroups.init());
      program.addAll(cgroups.furnished());
      planFinalCpus();
      if (remapped) {
        program.add(Sync.receive(Sync.PARENT, 'm', "the limits are set"));
      } else {
        program.addAll(privileges.limits(Optional.empty()));
      }
      program.add(new NewSession("every process started from outside has its own session"));
      if (inputs.newKeyring()) {
        program.add(new JoinKeyring("_ses." + inputs.containerId(), "the container's keyring"));
      }
      inputs.linux().ifPresent(linux -> program.addAll(InheritedSettings.of(linux, origins)));
      long flags = 0;
      for (NamespaceType type : inputs.namespaces()) {
        Namespace namespace = NamespaceChoice.namespace(type);
        flags |= namespace == Namespace.PID ? 0 : namespace.flag();
      }
      if (flags != 0) {
        program.add(enter(remapped ? Namespace.USER : Namespace.MOUNT, flags));
      }
      if (remapped) {
        program.add(new BecomeMappedRoot(!ProcessPlanner.denySetgroups(facts), "user namespace"));
      }
      program.add(new OpenHostDirectory("/", 0, root, "the container's root"));
      if (privileges.labelled()) {
        Slot proc = slots.add("proc");
        program.add(new OpenHostDirectory("/proc", Kernel.PROC_MAGIC, proc, "security label"));
        program.addAll(privileges.labels(proc));
      }
    }

    private Optional<Slot> planTerminal() {
      if (inputs.streams() != StandardStreams.TERMINAL) {
        return Optional.empty();
      }
      Slot slave = slots.add("terminal-slave");
      Optional<Slot> master = Optional.of(SlotTable.TERMINAL);
      int rows = process.consoleSize().map(ConsoleSize::height).orElse(0L).intValue();
      int columns = process.consoleSize().map(ConsoleSize::width).orElse(0L).intValue();
      String why = "process.terminal";
      program.add(
          new OpenTerminal(root, "dev/pts/ptmx", SlotTable.TERMINAL, slave, rows, columns, why));
      program.add(new TakeTerminal(slave, why));
      String relay = "the monitor relays the terminal";
      program.add(new Sync(Sync.PARENT, Sync.Direction.SEND, 't', master, false, relay));
      program.add(new CloseSlots(List.of(SlotTable.TERMINAL), relay));
      monitor.add(new Sync(PROGRAM, Sync.Direction.RECEIVE, 't', master, false, relay));
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
      program.addAll(privileges.execute());
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

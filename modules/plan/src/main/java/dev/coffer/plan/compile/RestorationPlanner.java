package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.ArrangeDescriptors;
import dev.coffer.plan.op.AttachMount;
import dev.coffer.plan.op.AttachOnHost;
import dev.coffer.plan.op.AwaitStage;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloneTree;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.JoinKeyring;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.NewNamespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenFilesystem;
import dev.coffer.plan.op.SetPropagation;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Umask;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The plan of one restoration. Stage 0 makes the cgroups, as for a container that is created; criu,
 * in stage 1, is born in them, or put into them by systemd, and what it restores is born there.
 * Stage 2 lives for a moment before that: it makes the mount points that are missing in the root,
 * in a mount namespace that it takes with it.
 */
final class RestorationPlanner {
  private static final String MOUNT_POINTS = "coffer:mounts";
  private static final int MOUNT_POINTS_STAGE = 2;
  private static final String ROOT = "root.path";
  private static final String CRIU = "criu restores the container";

  private final CriuCompiler.Criu criu;
  private final HostFacts facts;
  private final Restoration wanted;
  private final Linux linux;
  private final Origins origins = new Origins(Map.of());
  private final SlotTable slots;
  private final Slot root;
  private final CgroupPlanner cgroups;
  private final Optional<ScopePlanner> scope;
  private final List<Slot> opened = new ArrayList<>();
  private final List<Op> monitor = new ArrayList<>();
  private final List<Op> program = new ArrayList<>();

  RestorationPlanner(CriuCompiler.Criu criu, HostFacts facts, Restoration wanted) {
    this.criu = criu;
    this.facts = facts;
    this.wanted = wanted;
    this.linux = wanted.spec().linux().orElseThrow();
    this.slots = new SlotTable(wanted.inputs());
    this.root = slots.add("rootfs");
    this.cgroups =
        new CgroupPlanner(facts, CgroupPaths.of(linux.cgroupsPath(), wanted.id()), origins, slots);
    this.scope =
        wanted.scope().map(input -> new ScopePlanner(CriuCompiler.CRIU, slots.input(input)));
  }

  Plan plan() {
    if (scope.isEmpty()) {
      planCgroups(cgroups::join);
    }
    planResourceClass();
    planMountPoints();
    planBirth();
    planCriu();
    List<Stage> stages =
        List.of(
            new Stage("coffer:monitor", monitor),
            new Stage(CriuCompiler.STAGE, program),
            new Stage(MOUNT_POINTS, mountPoints()));
    return new Plan(facts.architecture(), stages, slots.names(), slots.inputSlots());
  }

  private void planCgroups(Consumer<String> entry) {
    cgroups.plan(
        linux.resources(), linux.resources().map(Resources::devices).orElse(List.of()), entry);
    monitor.addAll(cgroups.monitor());
  }

  private void planResourceClass() {
    if (linux.intelRdt().isEmpty()) {
      return;
    }
    ResourceClassPlanner planner =
        new ResourceClassPlanner(linux.intelRdt().get(), wanted.id(), facts, slots, origins);
    planner.create();
    planner.join();
    monitor.addAll(planner.monitor());
    program.addAll(planner.process());
    opened.addAll(planner.opened());
  }

  private void planMountPoints() {
    Slot pid = slots.add("mounts-pid");
    String why = "criu needs every mount point";
    monitor.add(
        new CloneStage(
            MOUNT_POINTS_STAGE,
            MOUNT_POINTS,
            Namespace.MOUNT.flag(),
            Optional.empty(),
            Optional.empty(),
            pid,
            Optional.empty(),
            why));
    monitor.add(new AwaitStage(pid, MOUNT_POINTS, why));
  }

  /** What is mounted by the container's own kind is only a place here, empty. */
  private List<Op> mountPoints() {
    List<Op> ops = new ArrayList<>();
    Slot mount = slots.add("mount");
    ops.add(new Umask(0, "modes of mount points are meant as given"));
    ops.add(new SetPropagation(Kernel.MS_SLAVE, "nothing mounted here reaches the host"));
    ops.addAll(attachRoot("/"));
    for (int index = 0; index < wanted.spec().mounts().size(); index++) {
      Mount each = wanted.spec().mounts().get(index);
      String why = "mounts[" + index + "]";
      String destination = Paths.normalize(each.destination());
      String purpose = "make the mount point \"" + destination + "\"";
      boolean bind = MountSource.isBind(each);
      ops.add(
          bind
              ? new CloneTree(
                  MountSource.of(each, wanted.bundle()),
                  mount,
                  MountSource.isRecursive(each),
                  purpose,
                  why)
              : new OpenFilesystem("tmpfs", "tmpfs", List.of(), 0, mount, purpose, why));
      ops.add(new AttachMount(mount, root, destination, bind, true, false, purpose, why));
    }
    return ops;
  }

  private List<Op> attachRoot(String path) {
    String purpose = "mount \"" + wanted.rootfs() + "\" as the root";
    return List.of(
        new CloneTree(wanted.rootfs(), root, true, purpose, ROOT),
        new AttachOnHost(root, path, purpose, ROOT));
  }

  private void planBirth() {
    scope.ifPresent(each -> program.addFirst(each.waiting()));
    monitor.add(CriuCompiler.birth(cgroups.unified(), CRIU));
    scope.ifPresent(this::planScope);
    program.addAll(cgroups.init());
    program.addAll(cgroups.furnished());
    opened.addAll(cgroups.opened());
    if (!opened.isEmpty()) {
      monitor.add(new CloseSlots(opened, "criu has its own"));
    }
  }

  private void planScope(ScopePlanner planner) {
    monitor.addAll(planner.handOver());
    planCgroups(cgroups::complete);
    monitor.add(planner.release());
  }

  /** A root has to be a mount of its own, and not to be covered; nowhere else is it seen. */
  private void planCriu() {
    program.add(new JoinKeyring("_ses." + wanted.id(), "every container has a keyring of its own"));
    program.add(new NewNamespace(Namespace.MOUNT, Optional.empty(), CRIU));
    program.add(new SetPropagation(Kernel.MS_SLAVE, "nothing mounted here reaches the host"));
    program.addAll(attachRoot(wanted.rootfs()));
    program.add(new ArrangeDescriptors(descriptors(), CRIU));
    program.add(criu.execute(CRIU));
  }

  private List<Slot> descriptors() {
    List<Slot> descriptors = new ArrayList<>();
    if (wanted.inputs().contains(CriuCompiler.NULL)) {
      Slot nothing = slots.input(CriuCompiler.NULL);
      descriptors.addAll(List.of(nothing, nothing, nothing));
    } else {
      descriptors.addAll(SlotTable.STREAMS);
    }
    descriptors.add(slots.input(CriuCompiler.SOCKET));
    wanted.inherited().forEach(name -> descriptors.add(slots.input(name)));
    return descriptors;
  }
}

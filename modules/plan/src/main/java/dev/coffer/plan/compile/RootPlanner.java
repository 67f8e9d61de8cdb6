package dev.coffer.plan.compile;

import dev.coffer.plan.op.AttachOnHost;
import dev.coffer.plan.op.BindConsole;
import dev.coffer.plan.op.ChangeDirectory;
import dev.coffer.plan.op.ChangeRoot;
import dev.coffer.plan.op.CloneTree;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.CoverRoot;
import dev.coffer.plan.op.KeepLineFeeds;
import dev.coffer.plan.op.MaskPath;
import dev.coffer.plan.op.MountAttributes;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenDirectory;
import dev.coffer.plan.op.OpenFilesystem;
import dev.coffer.plan.op.OpenHostDirectory;
import dev.coffer.plan.op.OpenNode;
import dev.coffer.plan.op.OpenTerminal;
import dev.coffer.plan.op.PivotRoot;
import dev.coffer.plan.op.ReadonlyPath;
import dev.coffer.plan.op.RestrictMount;
import dev.coffer.plan.op.SetPropagation;
import dev.coffer.plan.op.SetSysctl;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.TakeTerminal;
import dev.coffer.plan.op.Umask;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.spec.runtime.ConsoleSize;
import dev.coffer.spec.runtime.ContainerProcess;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Spec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Init's way from the host's tree to the container's: the root attached, what is in it mounted and
 * restricted, then the pivot. Asked for in this order, with the hooks before the last part.
 */
final class RootPlanner {
  private static final String EMPTY_DIRECTORY_AT = "/proc";

  private final Spec spec;
  private final Linux linux;
  private final ContainerProcess process;
  private final ContainerInputs inputs;
  private final NamespaceChoice namespaces;
  private final Origins origins;
  private final SlotTable slots;
  private final MountPlanner mounts;
  private final ProcessPlanner privileges;
  private final Slot root;
  private final Optional<Slot> terminal;
  private Optional<Slot> proc = Optional.empty();

  RootPlanner(
      Spec spec,
      Linux linux,
      ContainerProcess process,
      ContainerInputs inputs,
      NamespaceChoice namespaces,
      Origins origins,
      SlotTable slots,
      MountPlanner mounts,
      ProcessPlanner privileges,
      Slot root,
      Optional<Slot> terminal) {
    this.spec = spec;
    this.linux = linux;
    this.process = process;
    this.inputs = inputs;
    this.namespaces = namespaces;
    this.origins = origins;
    this.slots = slots;
    this.mounts = mounts;
    this.privileges = privileges;
    this.root = root;
    this.terminal = terminal;
  }

  /** The root attached, and the spec's mounts in it. */
  List<Op> mounted() {
    List<Op> ops = new ArrayList<>();
    ops.add(new Umask(0, "modes of mount points and devices are meant as given"));
    if (!namespaces.sharesMounts()) {
      ops.add(new SetPropagation(Kernel.MS_SLAVE, "nothing mounted here reaches the host"));
    }
    planAttachRoot(ops);
    ops.addAll(mounts.init());
    return ops;
  }

  /** Kernel parameters and the terminal. */
  List<Op> furnished() {
    List<Op> ops = new ArrayList<>();
    proc = planProc(ops);
    linux
        .sysctl()
        .forEach(
            (key, value) ->
                ops.add(new SetSysctl(proc.orElseThrow(), key, value, origins.of("linux.sysctl"))));
    terminal.ifPresent(slave -> planTerminal(ops, slave));
    return ops;
  }

  /** Paths restricted, the host's tree left behind. */
  List<Op> entered() {
    List<Op> ops = new ArrayList<>();
    planPathRestrictions(ops);
    ops.addAll(mounts.restrictDev());
    if (privileges.labelled()) {
      ops.addAll(privileges.labels(proc.orElseThrow()));
    }
    ops.add(enterRoot("every container has a root of its own"));
    planRootAttributes(ops);
    return ops;
  }

  private Op enterRoot(String why) {
    if (namespaces.sharesMounts()) {
      return new ChangeRoot(root, why);
    }
    return inputs
        .covered()
        .<Op>map(hostTrees -> new CoverRoot(showing(hostTrees), root, why))
        .orElseGet(() -> new PivotRoot(root, why));
  }

  /** Those of the host, and the empty directory that was attached on one of them. */
  private List<String> showing(List<String> hostTrees) {
    List<String> showing = new ArrayList<>(hostTrees);
    if (!linux.maskedPaths().isEmpty()) {
      showing.add(EMPTY_DIRECTORY_AT);
    }
    return showing.reversed();
  }

  private void planAttachRoot(List<Op> ops) {
    String purpose =
        switch (inputs.root()) {
          case RootSource.Descriptor _ -> "attach the root file system";
          case RootSource.Directory(String path) -> "mount \"" + path + "\" as the root";
        };
    String why = origins.of("root.path");
    if (inputs.root() instanceof RootSource.Directory(String path)) {
      ops.add(new CloneTree(path, root, true, purpose, why));
    }
    if (namespaces.sharesMounts()) {
      // What is mounted in it would show below the directory that it is a copy of as well.
      ops.add(MountPlanner.propagation(root, Kernel.MS_SLAVE, true, purpose, why));
    }
    ops.add(new AttachOnHost(root, place(), purpose, why));
  }

  /**
   * Where the root waits for the pivot, or stays where there is none. Hooks that mount something
   * for the container look for its root under the path that their state's bundle leads to.
   */
  private String place() {
    return switch (inputs.root()) {
      case RootSource.Directory(String path)
          when namespaces.sharesMounts() || inputs.covered().isEmpty() ->
          path;
      case RootSource.Directory _, RootSource.Descriptor _ -> "/";
    };
  }

  /**
   * What hides masked directories. To be copied it has to be attached somewhere; the host's {@code
   * /proc} has served this process by now, and goes with the host's root.
   */
  private Optional<Slot> planEmptyDirectory(List<Op> ops) {
    if (linux.maskedPaths().isEmpty()) {
      return Optional.empty();
    }
    Slot empty = slots.add("empty-directory");
    String purpose = "make an empty directory";
    String why = origins.of("linux.maskedPaths");
    long attributes =
        Kernel.MOUNT_ATTR_RDONLY
            | Kernel.MOUNT_ATTR_NOSUID
            | Kernel.MOUNT_ATTR_NODEV
            | Kernel.MOUNT_ATTR_NOEXEC;
    ops.add(
        new OpenFilesystem(
            "tmpfs", "tmpfs", List.of("nr_inodes=1", "mode=755"), attributes, empty, purpose, why));
    ops.add(new AttachOnHost(empty, EMPTY_DIRECTORY_AT, purpose, why));
    return Optional.of(empty);
  }

  private Optional<Slot> planProc(List<Op> ops) {
    boolean needed = !linux.sysctl().isEmpty() || privileges.labelled();
    if (!needed || mounts.proc().isPresent()) {
      return mounts.proc();
    }
    Slot host = slots.add("proc");
    ops.add(
        new OpenHostDirectory(
            "/proc", Kernel.PROC_MAGIC, host, "the container mounts no proc file system"));
    return Optional.of(host);
  }

  private void planTerminal(List<Op> ops, Slot slave) {
    String why = origins.of("process.terminal");
    int rows = process.consoleSize().map(ConsoleSize::height).orElse(0L).intValue();
    int columns = process.consoleSize().map(ConsoleSize::width).orElse(0L).intValue();
    boolean own = mounts.terminals().isPresent();
    ops.add(
        new OpenTerminal(
            own ? mounts.terminals().get() : root,
            own ? "ptmx" : "dev/pts/ptmx",
            SlotTable.TERMINAL,
            slave,
            rows,
            columns,
            why));
    if (inputs.streams() == StandardStreams.TERMINAL_TO_FILE) {
      ops.add(new KeepLineFeeds(slave, why));
    }
    ops.add(new TakeTerminal(slave, why));
    planConsole(ops, slave, why);
  }

  private void planConsole(List<Op> ops, Slot slave, String why) {
    if (mounts.dev().isPresent()) {
      ops.add(new BindConsole(slave, mounts.dev().get(), BindConsole.Owner.PLAN, why));
      return;
    }
    Slot dev = slots.add("console-directory");
    ops.add(new OpenDirectory(root, "/dev", dev, why));
    ops.add(
        new BindConsole(
            slave,
            dev,
            mounts.foreignDev() ? BindConsole.Owner.HOST : BindConsole.Owner.ROOT,
            why));
    ops.add(new CloseSlots(List.of(dev), why));
  }

  private void planPathRestrictions(List<Op> ops) {
    String readonly = origins.of("linux.readonlyPaths");
    for (String path : distinct(linux.readonlyPaths())) {
      if (path.equals(Paths.ROOT)) {
        continue;
      }
      MountPlanner.Location at = mounts.locate(path);
      ops.add(new ReadonlyPath(at.from(), at.path(), path, readonly));
    }
    Optional<Slot> empty = planEmptyDirectory(ops);
    if (empty.isEmpty()) {
      return;
    }
    String masked = origins.of("linux.maskedPaths");
    Slot nullDevice = slots.add("null-device");
    ops.add(
        mounts
            .dev()
            .map(dev -> new OpenNode(dev, "null", 1, 3, nullDevice, masked))
            .orElseGet(() -> new OpenNode(root, "dev/null", 1, 3, nullDevice, masked)));
    for (String path : distinct(linux.maskedPaths())) {
      MountPlanner.Location at = mounts.locate(path);
      ops.add(new MaskPath(at.from(), at.path(), path, nullDevice, empty.get(), masked));
    }
  }

  private static Set<String> distinct(List<String> paths) {
    return new LinkedHashSet<>(paths.stream().map(Paths::normalize).toList());
  }

  /**
   * The field that wants the root read-only: a copy that is mounted on it would not be the root.
   */
  private Optional<String> readonlyRoot() {
    if (spec.root().filter(each -> each.readonly()).isPresent()) {
      return Optional.of("root.readonly");
    }
    return distinct(linux.readonlyPaths()).contains(Paths.ROOT)
        ? Optional.of("linux.readonlyPaths")
        : Optional.empty();
  }

  private void planRootAttributes(List<Op> ops) {
    linux
        .rootfsPropagation()
        .ifPresent(
            propagation -> {
              long flag =
                  // Mounts in the root have propagation options of their own.
                  switch (propagation) {
                    case SHARED, RECURSIVELY_SHARED -> Kernel.MS_SHARED;
                    case SLAVE, RECURSIVELY_SLAVE -> Kernel.MS_SLAVE;
                    case PRIVATE, RECURSIVELY_PRIVATE -> Kernel.MS_PRIVATE;
                    case UNBINDABLE, RECURSIVELY_UNBINDABLE -> Kernel.MS_UNBINDABLE;
                  };
              ops.add(
                  new RestrictMount(
                      root,
                      new MountAttributes(0, 0, flag, Optional.empty()),
                      false,
                      "set the propagation of the root",
                      origins.of("linux.rootfsPropagation")));
            });
    ops.add(new ChangeDirectory(root, process.cwd(), true, origins.of("process.cwd")));
    readonlyRoot()
        .ifPresent(
            field ->
                ops.add(
                    new RestrictMount(
                        root,
                        MountAttributes.READONLY,
                        false,
                        "make the root read-only",
                        origins.of(field))));
  }
}

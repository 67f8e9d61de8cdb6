package dev.coffer.plan.compile;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.AttachIn;
import dev.coffer.plan.op.AttachMount;
import dev.coffer.plan.op.CloneForeignTree;
import dev.coffer.plan.op.CloneTree;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.CopyUp;
import dev.coffer.plan.op.EnterNamespace;
import dev.coffer.plan.op.LeaveNamespace;
import dev.coffer.plan.op.MakeDirectory;
import dev.coffer.plan.op.MountAttributes;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenFilesystem;
import dev.coffer.plan.op.Remount;
import dev.coffer.plan.op.RestrictMount;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Symlink;
import dev.coffer.plan.op.TakeRoot;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.spec.runtime.Mount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The mounts of a container, in the order of the spec. Each is made detached, restricted, and only
 * then attached on a mount point that was found in-root: nothing is ever visible with more rights
 * than it should have.
 */
final class MountPlanner {
  private static final int FSCONFIG_VALUE_LIMIT = 255;
  private static final Pattern CONTEXT = Pattern.compile("^(fs|def|root)?context=");

  /** They show what is in a namespace of the container's; none can be id-mapped. */
  private static final Set<String> OF_NAMESPACES =
      Set.of("cgroup", "cgroup2", "devpts", "mqueue", "proc", "sysfs");

  /** All that mount(2) takes away with MS_REMOUNT where it is not asked for. */
  private static final long REMOUNTED =
      Kernel.MOUNT_ATTR_RDONLY
          | Kernel.MOUNT_ATTR_NOSUID
          | Kernel.MOUNT_ATTR_NODEV
          | Kernel.MOUNT_ATTR_NOEXEC
          | Kernel.MOUNT_ATTR_NODIRATIME
          | Kernel.MOUNT_ATTR_NOSYMFOLLOW;

  private final Optional<String> label;
  private final NamespaceChoice namespaces;
  private final CgroupLayout cgroups;
  private final boolean mayMount;
  private final boolean unprivileged;
  private final CgroupPaths cgroupPaths;
  private final DevicePlanner devices;
  private final IdMapPlanner idMaps;
  private final ContainerInputs inputs;
  private final Slot root;
  private final SlotTable slots;
  private final Slot scratch;
  private final boolean terminal;

  private final List<Op> monitor = new ArrayList<>();
  private final List<Op> init = new ArrayList<>();
  private final List<Slot> monitorSlots = new ArrayList<>();
  private Optional<Slot> dev = Optional.empty();
  private Optional<String> devReadonly = Optional.empty();
  private final Map<String, Slot> kernelTrees = new LinkedHashMap<>();
  private Optional<Slot> terminals = Optional.empty();
  private boolean foreignDev;

  MountPlanner(
      Optional<String> label,
      NamespaceChoice namespaces,
      HostFacts facts,
      CgroupPaths cgroupPaths,
      DevicePlanner devices,
      IdMapPlanner idMaps,
      ContainerInputs inputs,
      Slot root,
      SlotTable slots,
      boolean terminal) {
    this.label = label;
    this.namespaces = namespaces;
    this.cgroups = facts.cgroups();
    this.mayMount = facts.mayMount();
    this.unprivileged = namespaces.remapped() || facts.inUserNamespace();
    this.cgroupPaths = cgroupPaths;
    this.devices = devices;
    this.idMaps = idMaps;
    this.inputs = inputs;
    this.root = root;
    this.slots = slots;
    this.scratch = slots.add("mount");
    this.terminal = terminal;
  }

  /** What the monitor has to take from the host before init is born. */
  List<Op> monitor() {
    return monitor;
  }

  List<Slot> monitorSlots() {
    return monitorSlots;
  }

  /** What init does, once the root is attached. */
  List<Op> init() {
    return init;
  }

  /** The {@code /dev} that the plan made. */
  Optional<Slot> dev() {
    return dev;
  }

  /** What takes away the right to write to {@code /dev}, once all is made in it. */
  List<Op> restrictDev() {
    return devReadonly
        .<List<Op>>map(
            why ->
                List.of(
                    new RestrictMount(
                        dev.orElseThrow(),
                        MountAttributes.READONLY,
                        false,
                        "make /dev read-only",
                        why)))
        .orElse(List.of());
  }

  /** Whether {@code /dev} is bound from elsewhere: then its owner fills it. */
  boolean foreignDev() {
    return foreignDev;
  }

  /** The proc file system that the plan mounted on {@code /proc}. */
  Optional<Slot> proc() {
    return Optional.ofNullable(kernelTrees.get("/proc"));
  }

  /**
   * Where to look up a path inside. What the kernel's own trees hold is found from the descriptor
   * of the very mount that this plan made, whatever somebody does to the tree around it.
   */
  Location locate(String path) {
    String normalized = Paths.normalize(path);
    for (Map.Entry<String, Slot> tree : kernelTrees.entrySet()) {
      if (normalized.startsWith(tree.getKey() + "/")) {
        return new Location(tree.getValue(), normalized.substring(tree.getKey().length() + 1));
      }
    }
    return new Location(root, normalized);
  }

  /**
   * A path from a descriptor.
   *
   * @param from descriptor, taken as root
   */
  record Location(Slot from, String path) {}

  /** The devpts that the plan mounted on {@code /dev/pts}. */
  Optional<Slot> terminals() {
    return terminals;
  }

  void add(Mount mount, int index, String why) {
    MountOptions options = MountOptions.parse(mount.options());
    String field = "mounts[" + index + "]";
    String destination = Paths.normalize(mount.destination());
    String type = mount.type().orElse("");
    if (options.copyUp() && !type.equals("tmpfs")) {
      throw new PlanException(field + ": tmpcopyup is for tmpfs");
    }
    Optional<Slot> idMap = idMap(mount, options, field, why);
    if (destination.equals(Paths.ROOT) && !options.remount()) {
      requireRoot(mount, type, index, field);
    }
    if (options.remount()) {
      remount(destination, options, idMap, why);
      return;
    }
    // What is mounted over one of them, or around it, is what the container sees.
    kernelTrees.keySet().removeIf(path -> path.equals(destination) || destination.equals("/"));
    if (MountSource.isBind(mount)) {
      foreignDev |= destination.equals("/dev");
      bind(MountSource.of(mount, inputs.bundle()), destination, options, idMap, why);
    } else if (type.equals("cgroup") || type.equals("cgroup2")) {
      cgroup(destination, options, why);
    } else {
      hostSource(type)
          .ifPresentOrElse(
              path -> bind(path, destination, recursive(options), Optional.empty(), why),
              () -> filesystem(type, mount, destination, options, idMap, why));
    }
  }

  /** What is mounted on the root becomes the root, and hides what was there before. */
  private void requireRoot(Mount mount, String type, int index, String field) {
    if (index != 0) {
      throw new PlanException(
          field + ": a mount on \"/\" would hide those before it (let it be the first)");
    }
    if (namespaces.sharesMounts() || (!MountSource.isBind(mount) && OF_NAMESPACES.contains(type))) {
      throw PlanException.notSupported(field, "such a mount on \"/\"");
    }
  }

  private void attach(
      Slot mount,
      String destination,
      boolean likeSource,
      boolean mayBeLink,
      boolean keep,
      String purpose,
      String why) {
    boolean isRoot = destination.equals(Paths.ROOT);
    init.add(
        new AttachMount(
            mount, root, destination, likeSource, mayBeLink, keep || isRoot, purpose, why));
    if (isRoot) {
      init.add(new TakeRoot(mount, root, why));
    }
  }

  /** The user namespace whose maps a mount takes, if it is to be id-mapped. */
  private Optional<Slot> idMap(Mount mount, MountOptions options, String field, String why) {
    if (!options.idMapped() && mount.uidMappings().isEmpty() && mount.gidMappings().isEmpty()) {
      return Optional.empty();
    }
    String type = mount.type().orElse("");
    if (!MountSource.isBind(mount) && OF_NAMESPACES.contains(type)) {
      throw PlanException.notSupported(field, "an id map on " + type);
    }
    return Optional.of(idMaps.namespace(mount, options.maps(), field, why));
  }

  /**
   * In a user namespace the kernel mounts these only for namespaces that belong to it; where the
   * container shares the host's, it gets the host's own mount.
   */
  private Optional<String> hostSource(String type) {
    if (!unprivileged) {
      return Optional.empty();
    }
    return switch (type) {
      // One that is joined is often the host's user namespace's, and refuses.
      case "sysfs" -> unlessCreated(Namespace.NETWORK, "/sys");
      case "proc" -> ifHosts(Namespace.PID, "/proc");
      case "mqueue" -> ifHosts(Namespace.IPC, "/dev/mqueue");
      default -> Optional.empty();
    };
  }

  /** Never for one that is joined: the host's mount shows what is in the host's namespace. */
  private Optional<String> ifHosts(Namespace namespace, String path) {
    return namespaces.joins(namespace) ? Optional.empty() : unlessCreated(namespace, path);
  }

  private Optional<String> unlessCreated(Namespace namespace, String path) {
    return namespaces.creates(namespace) ? Optional.empty() : Optional.of(path);
  }

  private static MountOptions recursive(MountOptions options) {
    return new MountOptions(
        true,
        true,
        options.set(),
        options.clear(),
        options.recursiveSet() | (options.set() & Kernel.MOUNT_ATTR_RDONLY),
        options.recursiveClear(),
        options.propagation(),
        options.recursivePropagation(),
        false,
        false,
        false,
        Optional.empty(),
        false,
        List.of());
  }

  private void bind(
      String source, String destination, MountOptions options, Optional<Slot> idMap, String why) {
    String purpose = "mount \"%s\" on \"%s\"".formatted(source, destination);
    // Taken by the monitor, a shared mount stays a peer of the host's, and in a user namespace
    // parts of it are not locked yet. Maps can be given where its file system belongs. Who is not
    // root gets the right to mount with the namespaces.
    ForeignMount foreign = inputs.foreign().get(source);
    boolean early =
        foreign != null
            || idMap.isPresent()
            || (mayMount && (namespaces.remapped() || options.shared()));
    Slot mount = early ? earlySlot() : scratch;
    List<Op> ops = early ? monitor : init;
    if (foreign == null) {
      ops.add(new CloneTree(source, mount, options.recursiveBind(), purpose, why));
    } else {
      ops.addAll(borrow(foreign, mount, purpose, why));
    }
    idMap.ifPresent(map -> mapIds(mount, map, options.recursiveIdMap(), purpose, why));
    if (early) {
      monitorSlots.add(mount);
    }
    if (early && options.propagation() == 0) {
      ops.add(propagation(mount, Kernel.MS_SLAVE, true, purpose, why));
    } else {
      cutOff(ops, mount, options, purpose, why);
    }
    restrict(ops, mount, options, purpose, why);
    attach(mount, destination, true, true, false, purpose, why);
  }

  private Slot earlySlot() {
    return slots.add("mount-" + monitorSlots.size());
  }

  /** Done by the monitor, whose file system and map it is. */
  private void mapIds(Slot mount, Slot map, boolean recursive, String purpose, String why) {
    MountAttributes mapped = new MountAttributes(Kernel.MOUNT_ATTR_IDMAP, 0, 0, Optional.of(map));
    monitor.add(new RestrictMount(mount, mapped, recursive, purpose, why));
  }

  /** What is copied in the host's mount namespace is a peer of what it is a copy of. */
  private void cutOff(List<Op> ops, Slot mount, MountOptions options, String purpose, String why) {
    if (namespaces.sharesMounts() && options.propagation() == 0) {
      ops.add(propagation(mount, Kernel.MS_SLAVE, true, purpose, why));
    }
  }

  /** Nobody but a member of a mount namespace may take a copy of its mounts. */
  private List<Op> borrow(ForeignMount from, Slot mount, String purpose, String why) {
    Slot own = slots.add("own-mnt");
    Optional<Slot> process = Optional.of(slots.input(from.input()));
    return List.of(
        new EnterNamespace(
            Namespace.MOUNT,
            Optional.empty(),
            process,
            Namespace.MOUNT.flag(),
            Optional.of(own),
            why),
        new CloneForeignTree(from.path(), mount, purpose, why),
        new LeaveNamespace(Namespace.MOUNT, own, false, why));
  }

  private void remount(String destination, MountOptions options, Optional<Slot> idMap, String why) {
    String purpose = "remount \"%s\"".formatted(destination);
    if (idMap.isPresent() || options.copyUp()) {
      throw PlanException.notSupported(purpose, "idmap or tmpcopyup on what is mounted already");
    }
    long set = options.set();
    boolean readonly = (set & Kernel.MOUNT_ATTR_RDONLY) != 0;
    if (readonly && destination.equals("/dev") && dev.isPresent()) {
      devReadonly = Optional.of(why);
      set &= ~Kernel.MOUNT_ATTR_RDONLY;
    }
    MountAttributes attributes =
        new MountAttributes(set, options.clear() | (REMOUNTED & ~set), 0, Optional.empty());
    List<String> data = options.bind() ? List.of() : data("", options.data(), purpose);
    init.add(new Remount(root, destination, data, attributes, scratch, purpose, why));
    restrictBelow(init, scratch, options, purpose, why);
    init.add(new CloseSlots(List.of(scratch), why));
  }

  private static void restrict(
      List<Op> ops, Slot mount, MountOptions options, String purpose, String why) {
    if ((options.set() | options.clear()) != 0) {
      MountAttributes attributes =
          new MountAttributes(options.set(), options.clear(), 0, Optional.empty());
      ops.add(new RestrictMount(mount, attributes, false, purpose, why));
    }
    restrictBelow(ops, mount, options, purpose, why);
  }

  private static void restrictBelow(
      List<Op> ops, Slot mount, MountOptions options, String purpose, String why) {
    if ((options.recursiveSet() | options.recursiveClear()) != 0) {
      MountAttributes attributes =
          new MountAttributes(
              options.recursiveSet(), options.recursiveClear(), 0, Optional.empty());
      ops.add(new RestrictMount(mount, attributes, true, purpose, why));
    }
    if (options.propagation() != 0) {
      ops.add(
          propagation(mount, options.propagation(), options.recursivePropagation(), purpose, why));
    }
  }

  static Op propagation(
      Slot mount, long propagation, boolean recursive, String purpose, String why) {
    MountAttributes attributes = new MountAttributes(0, 0, propagation, Optional.empty());
    return new RestrictMount(mount, attributes, recursive, purpose, why);
  }

  /** One with an id map is made by the monitor, as its owners on disk are ids of the host's. */
  private void filesystem(
      String type,
      Mount mount,
      String destination,
      MountOptions options,
      Optional<Slot> idMap,
      String why) {
    if (type.isEmpty()) {
      throw new PlanException("mount on \"" + destination + "\" has no type");
    }
    String purpose = "mount %s on \"%s\"".formatted(type, destination);
    List<Op> ops = idMap.isPresent() ? monitor : init;
    Optional<Slot> kept = keptSlot(type, destination);
    Slot slot = kept.orElseGet(() -> idMap.isPresent() ? earlySlot() : scratch);
    boolean ownDev = dev.filter(each -> each.index() == slot.index()).isPresent();
    long attributes = options.set();
    if (ownDev && (attributes & Kernel.MOUNT_ATTR_RDONLY) != 0) {
      // Nodes, links and mount points are still to be made in it.
      devReadonly = Optional.of(why);
    }
    if (ownDev || options.copyUp()) {
      attributes &= ~Kernel.MOUNT_ATTR_RDONLY;
    }
    List<String> data = new ArrayList<>(labelled(type, data(type, options.data(), purpose)));
    if ((attributes & Kernel.MOUNT_ATTR_RDONLY) != 0 && MountSource.mayBeOnDevice(mount)) {
      // Otherwise the kernel writes to the device: its journal, the time of the mount.
      data.addFirst("ro");
    }
    ops.add(
        new OpenFilesystem(
            type,
            needsSource(type) ? mount.source().orElse("") : "",
            data,
            attributes,
            slot,
            purpose,
            why));
    if (idMap.isPresent()) {
      monitorSlots.add(slot);
      mapIds(slot, idMap.get(), options.recursiveIdMap(), purpose, why);
    }
    if (options.copyUp()) {
      init.add(new CopyUp(root, destination, slot, why));
      restrict(init, slot, options, purpose, why);
    } else {
      restrictBelow(ops, slot, options, purpose, why);
    }
    if (ownDev && !unprivileged) {
      init.addAll(devices.nodes(slot));
    }
    attach(slot, destination, false, mayBeLink(type), kept.isPresent(), purpose, why);
    if (ownDev && unprivileged) {
      init.addAll(devices.binds(slot));
    }
  }

  /**
   * SELinux's context for a whole file system (mount(8)). The kernel labels its own trees itself,
   * as it does the one of message queues, which is that of a namespace.
   */
  private List<String> labelled(String type, List<String> data) {
    boolean labelsItself = Set.of("proc", "sysfs", "mqueue", "cgroup2").contains(type);
    if (label.isEmpty() || labelsItself || data.stream().anyMatch(CONTEXT.asPredicate())) {
      return data;
    }
    List<String> labelled = new ArrayList<>(data);
    labelled.add("context=" + label.get());
    return labelled;
  }

  /** No image needs the kernel's own trees elsewhere, and masks are for where they should be. */
  private static boolean mayBeLink(String type) {
    return !type.equals("proc") && !type.equals("sysfs");
  }

  /** The slot of a file system in which more is done once it is attached. */
  private Optional<Slot> keptSlot(String type, String destination) {
    if (destination.equals("/dev") && type.equals("tmpfs") && dev.isEmpty()) {
      dev = Optional.of(slots.add("dev"));
      return dev;
    }
    boolean isProc = destination.equals("/proc") && type.equals("proc");
    boolean isSys = destination.equals("/sys") && type.equals("sysfs");
    if (isProc || isSys) {
      Slot slot = slots.add(type);
      kernelTrees.put(destination, slot);
      return Optional.of(slot);
    }
    if (terminal && destination.equals("/dev/pts") && type.equals("devpts")) {
      terminals = Optional.of(slots.add("devpts"));
      return terminals;
    }
    return Optional.empty();
  }

  /** File systems without a device take any name for one; it only shows in the mount table. */
  private static boolean needsSource(String type) {
    return switch (type) {
      case "overlay" -> false;
      default -> true;
    };
  }

  /**
   * The kernel takes values of 255 bytes at most; a longer list of overlay layers goes one by one.
   */
  private static List<String> data(String type, List<String> options, String purpose) {
    List<String> data = new ArrayList<>();
    // Paths of layers may have commas.
    for (String option : type.equals("overlay") ? options : MountOptions.split(options)) {
      int equals = option.indexOf('=');
      if (option.length() - equals - 1 <= FSCONFIG_VALUE_LIMIT) {
        data.add(option);
      } else if (type.equals("overlay") && option.startsWith("lowerdir=")) {
        for (String layer : option.substring(equals + 1).split(":")) {
          data.add("lowerdir+=" + layer);
        }
      } else {
        throw new PlanException(
            purpose + ": option \"" + option.substring(0, 32) + "…\" is longer than 255 bytes");
      }
    }
    return data;
  }

  private void cgroup(String destination, MountOptions options, String why) {
    String purpose = "mount cgroup on \"%s\"".formatted(destination);
    if (cgroups.mode() == CgroupLayout.Mode.V2) {
      Hierarchy unified = cgroups.mounted().findFirst().orElseThrow();
      if (namespaces.creates(Namespace.CGROUP)) {
        init.add(
            new OpenFilesystem(
                "cgroup2", "cgroup", options.data(), options.set(), scratch, purpose, why));
        restrictBelow(init, scratch, options, purpose, why);
      } else {
        // The whole tree, so that the paths in /proc/PID/cgroup are found in it. A mount of its own
        // would take nsdelegate and memory_recursiveprot away from the host's.
        init.add(new CloneTree(unified.mountPoint(), scratch, false, purpose, why));
        cutOff(init, scratch, options, purpose, why);
        restrict(init, scratch, options, purpose, why);
      }
      init.add(new AttachMount(scratch, root, destination, false, true, false, purpose, why));
      return;
    }
    cgroupVersion1(destination, options, purpose, why);
  }

  /** Version 1 is a directory of hierarchies; in each the container sees its own part. */
  private void cgroupVersion1(
      String destination, MountOptions options, String purpose, String why) {
    Slot directory = slots.add("cgroups");
    init.add(
        new OpenFilesystem(
            "tmpfs", "cgroup", labelled("tmpfs", List.of("mode=755")), 0, directory, purpose, why));
    init.add(new AttachMount(directory, root, destination, false, true, true, purpose, why));
    for (Hierarchy hierarchy : cgroups.mounted().toList()) {
      String name = Paths.name(hierarchy.mountPoint());
      init.add(new MakeDirectory(directory, name, 0755, why));
      init.add(new CloneTree(cgroupDirectory(hierarchy), scratch, false, purpose, why));
      cutOff(init, scratch, options, purpose, why);
      init.add(new AttachIn(scratch, directory, name, purpose, why));
      if (hierarchy.version() == 1 && hierarchy.controllers().size() > 1) {
        for (String controller : hierarchy.controllers()) {
          init.add(new Symlink(name, directory, controller, why));
        }
      }
    }
    MountAttributes attributes =
        new MountAttributes(
            options.set() | options.recursiveSet(), 0, options.propagation(), Optional.empty());
    init.add(new RestrictMount(directory, attributes, true, purpose, why));
    init.add(new CloseSlots(List.of(directory), why));
  }

  private String cgroupDirectory(Hierarchy hierarchy) {
    return cgroups.closed().contains(hierarchy)
        ? hierarchy.mountPoint() + hierarchy.ownPath()
        : cgroupPaths.directory(hierarchy);
  }
}

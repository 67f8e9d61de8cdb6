package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.BindDevice;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.MakeDevice;
import dev.coffer.plan.op.MakeDirectory;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenDirectory;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Symlink;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.spec.runtime.Device;
import dev.coffer.spec.runtime.DeviceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Device nodes and links in {@code /dev} (runtime-spec, config-linux.md, Default Devices). */
final class DevicePlanner {
  private static final String DEV = "/dev/";
  private static final int DEFAULT_MODE = 0666;
  private static final Map<String, String> LINKS = links();

  private final Map<String, Wanted> devices = new LinkedHashMap<>();
  private final Origins origins;

  private record Wanted(Device device, String why) {}

  DevicePlanner(List<Device> wanted, Origins origins) {
    this.origins = origins;
    standard("null", 1, 3);
    standard("zero", 1, 5);
    standard("full", 1, 7);
    standard("random", 1, 8);
    standard("urandom", 1, 9);
    standard("tty", 5, 0);
    for (int index = 0; index < wanted.size(); index++) {
      Device device = wanted.get(index);
      String path = Paths.normalize(device.path());
      devices.put(path, new Wanted(device, origins.of("linux.devices[" + index + "]")));
    }
  }

  private void standard(String name, long major, long minor) {
    Device device = Device.of(DeviceType.CHARACTER, DEV + name, major, minor, DEFAULT_MODE);
    devices.put(device.path(), new Wanted(device, "default device"));
  }

  private static Map<String, String> links() {
    Map<String, String> links = new LinkedHashMap<>();
    links.put("fd", "/proc/self/fd");
    links.put("stdin", "/proc/self/fd/0");
    links.put("stdout", "/proc/self/fd/1");
    links.put("stderr", "/proc/self/fd/2");
    links.put("ptmx", "pts/ptmx");
    links.put("core", "/proc/kcore");
    return links;
  }

  /** Nodes made in a {@code /dev} that is not attached yet, so that they appear all at once. */
  List<Op> nodes(Slot dev) {
    List<Op> ops = new ArrayList<>();
    directories(ops, dev);
    below(
        (name, wanted) -> {
          ops.add(make(dev, name, wanted, false));
        });
    links(ops, dev);
    return ops;
  }

  /** Nodes of the host shown in an attached {@code /dev}: for user namespaces. */
  List<Op> binds(Slot dev) {
    List<Op> ops = new ArrayList<>();
    directories(ops, dev);
    below((name, wanted) -> ops.add(bind(dev, name, wanted)));
    links(ops, dev);
    return ops;
  }

  /** Nodes outside a {@code /dev} of our own: their directory belongs to a stranger. */
  List<Op> elsewhere(Slot root, boolean ownDev, boolean remapped, SlotTable slots) {
    List<Op> ops = new ArrayList<>();
    Map<String, Slot> directories = new LinkedHashMap<>();
    devices.forEach(
        (path, wanted) -> {
          if (ownDev && path.startsWith(DEV)) {
            return;
          }
          String parent = Paths.parent(path);
          Slot slot = directories.get(parent);
          if (slot == null) {
            slot = slots.add("directory-" + directories.size());
            directories.put(parent, slot);
            ops.add(new OpenDirectory(root, parent, slot, wanted.why()));
          }
          String name = Paths.name(path);
          ops.add(remapped ? bind(slot, name, wanted) : make(slot, name, wanted, true));
        });
    Slot dev = directories.get("/dev");
    if (dev != null) {
      links(ops, dev);
    }
    if (!directories.isEmpty()) {
      ops.add(new CloseSlots(List.copyOf(directories.values()), "device directories"));
    }
    return ops;
  }

  private interface Visitor {
    void accept(String name, Wanted wanted);
  }

  private void below(Visitor visitor) {
    devices.forEach(
        (path, wanted) -> {
          if (path.startsWith(DEV)) {
            visitor.accept(path.substring(DEV.length()), wanted);
          }
        });
  }

  private void directories(List<Op> ops, Slot dev) {
    Set<String> made = new LinkedHashSet<>();
    below(
        (name, wanted) -> {
          for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
            String directory = name.substring(0, slash);
            if (made.add(directory)) {
              ops.add(new MakeDirectory(dev, directory, 0755, wanted.why()));
            }
          }
        });
  }

  private void links(List<Op> ops, Slot dev) {
    LINKS.forEach(
        (name, target) -> {
          if (!devices.containsKey(DEV + name)) {
            ops.add(new Symlink(target, dev, name, origins.of("default device link")));
          }
        });
  }

  /** Anybody may make a fifo. */
  private static Op bind(Slot directory, String name, Wanted wanted) {
    Device device = wanted.device();
    return device.type() == DeviceType.FIFO
        ? make(directory, name, wanted, true)
        : new BindDevice(
            Paths.normalize(device.path()),
            directory,
            name,
            type(device),
            device.major(),
            device.minor(),
            wanted.why());
  }

  private static int type(Device device) {
    return switch (device.type()) {
      case CHARACTER, UNBUFFERED -> Kernel.S_IFCHR;
      case BLOCK -> Kernel.S_IFBLK;
      case FIFO -> Kernel.S_IFIFO;
      case ALL -> throw new PlanException("linux.devices: \"a\" is no type of a device");
    };
  }

  private static Op make(Slot directory, String name, Wanted wanted, boolean checkExisting) {
    Device device = wanted.device();
    return new MakeDevice(
        directory,
        name,
        Paths.normalize(device.path()),
        type(device),
        device.major(),
        device.minor(),
        device.fileMode().orElse(DEFAULT_MODE) & 07777,
        device.uid().orElse(0L),
        device.gid().orElse(0L),
        checkExisting,
        wanted.why());
  }
}

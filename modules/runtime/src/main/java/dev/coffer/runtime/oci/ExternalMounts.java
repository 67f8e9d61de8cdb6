package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import dev.coffer.kernel.Resolve;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.compile.MountSource;
import dev.coffer.runtime.host.MountLine;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The mounts of a container that are parts of the host's tree, which an image cannot hold. Each is
 * known there by where the config wants it; what a restoration mounts in its place is what the
 * config then says.
 */
final class ExternalMounts {
  private static final String NULL = "/dev/null";
  private static final List<String> DEVICES =
      List.of(NULL, "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty");
  private static final String MOUNT_ID = "mnt_id:";

  /** The calling thread, which may be elsewhere than the rest of the process. */
  private static final String HERE = "thread-self";

  private ExternalMounts() {}

  /**
   * Their sources, by name.
   *
   * @param layout the cgroups of whoever restores it
   * @param cgroup the container's
   */
  static SequencedMap<String, String> sources(
      Spec spec, String bundle, CgroupLayout layout, String cgroup) throws IOException {
    SequencedMap<String, String> sources = binds(spec, bundle);
    for (Path directory : cgroups(spec)) {
      if (layout.mode() != CgroupLayout.Mode.V2) {
        layout
            .mounted()
            .forEach(
                hierarchy -> {
                  Path mountPoint = Path.of(hierarchy.mountPoint());
                  String own =
                      layout.closed().contains(hierarchy)
                          ? hierarchy.ownPath()
                          : hierarchy.resolve(cgroup);
                  sources.put(
                      directory.resolve(mountPoint.getFileName()).toString(), mountPoint + own);
                });
      }
    }
    devices(spec).values().forEach(path -> sources.putIfAbsent(path, path));
    return sources;
  }

  /**
   * Where cgroups are mounted: version 1 has a directory there, with a mount for each hierarchy.
   */
  private static List<Path> cgroups(Spec spec) {
    return spec.mounts().stream()
        .filter(mount -> mount.type().equals(Optional.of("cgroup")))
        .map(mount -> Path.of("/", mount.destination()).normalize())
        .toList();
  }

  /** Mounts below a recursive one's source are mounts of their own. */
  private static SequencedMap<String, String> binds(Spec spec, String bundle) throws IOException {
    List<MountLine> host = table(HERE);
    SequencedMap<String, String> sources = new LinkedHashMap<>();
    for (Mount mount : spec.mounts()) {
      if (!MountSource.isBind(mount)) {
        continue;
      }
      String name = Path.of("/", mount.destination()).normalize().toString();
      String source = MountSource.of(mount, bundle);
      sources.put(name, source);
      if (MountSource.isRecursive(mount) && Files.isDirectory(Path.of(source))) {
        Path whole = Path.of(source).toRealPath();
        host.stream()
            .map(line -> Path.of(line.mountPoint()))
            .filter(each -> each.startsWith(whole) && !each.equals(whole))
            .forEach(
                each ->
                    sources.put(
                        Path.of(name).resolve(whole.relativize(each)).toString(), each.toString()));
      }
    }
    return sources;
  }

  /**
   * Devices that may be the host's, by where they are: a container that may make none has the
   * host's bound, and its null device before what is masked.
   */
  private static SequencedMap<String, String> devices(Spec spec) {
    SequencedMap<String, String> devices = new LinkedHashMap<>();
    DEVICES.forEach(path -> devices.put(path, path));
    spec.linux()
        .ifPresent(
            linux -> {
              linux.devices().forEach(each -> devices.put(each.path(), each.path()));
              linux.maskedPaths().forEach(path -> devices.put(path, NULL));
            });
    return devices;
  }

  /**
   * Where they are in a container that runs: their names by mount point. One that was unmounted
   * since is left out.
   */
  static SequencedMap<String, String> places(Spec spec, String bundle, int pid) throws IOException {
    Map<Integer, MountLine> mounts = byId(Integer.toString(pid));
    Map<Integer, MountLine> host = byId(HERE);
    SequencedMap<String, String> places = new LinkedHashMap<>();
    try (Fd root = FileOpen.path("/proc/" + pid + "/root", OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      for (Map.Entry<String, String> device : devices(spec).entrySet()) {
        Optional<MountLine> place = place(root, device.getKey(), mounts);
        if (place.isPresent() && isOf(place.get(), device.getValue(), host)) {
          places.put(place.get().mountPoint(), device.getValue());
        }
      }
      List<Path> cgroups = cgroups(spec);
      for (MountLine line : mounts.values()) {
        boolean isHierarchy = line.type().equals("cgroup") || line.type().equals("cgroup2");
        if (isHierarchy && cgroups.contains(Path.of(line.mountPoint()).getParent())) {
          places.put(line.mountPoint(), line.mountPoint());
        }
      }
      for (String name : binds(spec, bundle).keySet()) {
        place(root, name, mounts).ifPresent(place -> places.put(place.mountPoint(), name));
      }
    }
    return places;
  }

  private static Map<Integer, MountLine> byId(String process) throws IOException {
    Map<Integer, MountLine> mounts = new LinkedHashMap<>();
    table(process).forEach(line -> mounts.put(line.id(), line));
    return mounts;
  }

  /** Whether a mount is of the file system that a path of the host is on. */
  private static boolean isOf(MountLine mount, String path, Map<Integer, MountLine> host)
      throws IOException {
    try (Fd file = FileOpen.path(path, OpenFlags.PATH)) {
      MountLine source = host.get(mountId(file));
      return source != null && source.device().equals(mount.device());
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** The mount that a path leads to, when it is its mount point. */
  private static Optional<MountLine> place(Fd root, String path, Map<Integer, MountLine> mounts)
      throws IOException {
    try (Fd found = FileOpen.in(root, path, OpenFlags.PATH, 0, Resolve.IN_ROOT)) {
      MountLine mount = mounts.get(mountId(found));
      // As the kernel writes it for a mount namespace that is not ours: from that one's root.
      String where = FileTree.readSymbolicLink(Fd.CWD, "/proc/self/fd/" + found.number());
      return Optional.ofNullable(mount).filter(each -> each.mountPoint().equals(where));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static int mountId(Fd found) throws IOException {
    return mountId("self", found.number());
  }

  /** The mount that a descriptor of a process is on. */
  private static int mountId(String process, int descriptor) throws IOException {
    return ProcFile.read("/proc/" + process + "/fdinfo/" + descriptor)
        .lines()
        .filter(line -> line.startsWith(MOUNT_ID))
        .map(line -> Integer.valueOf(line.substring(MOUNT_ID.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new IOException("the kernel does not tell mounts apart"));
  }

  /**
   * What an image calls a file that a process has open and that none of its mounts holds.
   *
   * @return empty for any other descriptor
   */
  static Optional<String> foreignFile(int pid, int descriptor) throws IOException {
    String process = Integer.toString(pid);
    Path file = Path.of("/proc", process, "fd", Integer.toString(descriptor));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    int mount = mountId(process, descriptor);
    if (table(process).stream().anyMatch(line -> line.id() == mount)) {
      return Optional.empty();
    }
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    return Optional.of("file[%x:%x]".formatted(mount, inode));
  }

  private static List<MountLine> table(String process) throws IOException {
    return ProcFile.read("/proc/" + process + "/mountinfo")
        .lines()
        .map(MountLine::parse)
        .flatMap(Optional::stream)
        .toList();
  }
}

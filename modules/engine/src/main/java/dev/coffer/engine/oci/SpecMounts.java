package dev.coffer.engine.oci;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.spec.runtime.Mount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A container's mounts: Docker's defaults, its own three files, and those asked for. */
public final class SpecMounts {

  /** Where POSIX shared memory is, see shm_overview(7). */
  public static final String SHM = "/dev/shm";

  private static final long DEFAULT_SHM_BYTES = 64L << 20;

  private SpecMounts() {}

  static List<Mount> of(ContainerConfig config, SpecFacts facts, SecurityChoice security) {
    Set<String> targets =
        config.mounts().stream().map(MountPoint::target).collect(Collectors.toSet());
    List<Mount> mounts = new ArrayList<>();
    Stream.concat(
            defaults(config.request(), facts, security).stream(),
            ownFiles(config.request(), facts).stream())
        .filter(mount -> !targets.contains(mount.destination()))
        .forEach(mounts::add);
    config.mounts().forEach(mount -> mounts.add(asked(mount)));
    // A stable sort: parents first, so that nothing is hidden by a mount above it.
    mounts.sort(Comparator.comparingLong(SpecMounts::depth));
    return List.copyOf(mounts);
  }

  private static List<Mount> defaults(
      ContainerRequest request, SpecFacts facts, SecurityChoice security) {
    String access = security.privileged() ? "rw" : "ro";
    List<String> quiet = List.of("nosuid", "noexec", "nodev");
    List<Mount> mounts = new ArrayList<>();
    mounts.add(Mount.of("/proc", "proc", "proc", quiet));
    mounts.add(
        Mount.of(
            "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
    mounts.add(
        Mount.of(
            "/dev/pts",
            "devpts",
            "devpts",
            List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
    mounts.add(sys(access));
    mounts.add(
        Mount.of(
            "/sys/fs/cgroup", "cgroup", "cgroup", List.of(access, "nosuid", "noexec", "nodev")));
    mounts.add(Mount.of("/dev/mqueue", "mqueue", "mqueue", quiet));
    String ipc = request.namespaces().ipc();
    if (ipc.equals("host")) {
      mounts.add(Mount.bind(SHM, SHM, List.of("rbind", "rprivate")));
    } else if (facts.ipcPid().isPresent()) {
      mounts.add(
          Mount.bind(
              SHM,
              joinedShm(facts.ipcPid().get()),
              List.of("bind", "rprivate", "nosuid", "noexec", "nodev")));
    } else if (!ipc.equals("none")) {
      long size = request.resources().shmSizeBytes().orElse(DEFAULT_SHM_BYTES);
      mounts.add(
          Mount.of(
              SHM,
              "tmpfs",
              "shm",
              List.of("nosuid", "noexec", "nodev", "mode=1777", "size=" + size)));
    }
    return mounts;
  }

  /** The shared memory of the container whose ipc namespace is joined, by its first process. */
  public static String joinedShm(int pid) {
    return "/proc/" + pid + "/root" + SHM;
  }

  private static Mount sys(String access) {
    return Mount.of("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", access));
  }

  private static List<Mount> ownFiles(ContainerRequest request, SpecFacts facts) {
    List<String> options = new ArrayList<>(List.of("rbind", "rprivate"));
    if (request.security().readOnlyRootfs()) {
      options.add("ro");
    }
    return Stream.of("hosts", "hostname", "resolv.conf")
        .map(name -> Mount.bind("/etc/" + name, facts.containerDirectory() + "/" + name, options))
        .toList();
  }

  private static Mount asked(MountPoint mount) {
    return switch (mount.kind()) {
      case BIND, VOLUME -> {
        List<String> options = new ArrayList<>();
        options.add(mount.recursive() ? "rbind" : "bind");
        if (mount.readOnly()) {
          options.add("ro");
          if (mount.readOnlyRecursive() && mount.recursive()) {
            options.add("rro");
          }
        }
        options.add(mount.propagation());
        yield Mount.bind(mount.target(), mount.source(), options);
      }
      case TMPFS -> {
        List<String> options = new ArrayList<>(List.of("noexec", "nosuid", "nodev"));
        for (String option : mount.options().split(",", -1)) {
          if (!option.isEmpty()) {
            options.remove("no" + option);
            options.add(option);
          }
        }
        if (mount.readOnly()) {
          options.add("ro");
        }
        yield Mount.of(mount.target(), "tmpfs", "tmpfs", options);
      }
    };
  }

  private static long depth(Mount mount) {
    return mount.destination().chars().filter(c -> c == '/').count();
  }
}

package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.runtime.IntelRdt;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a container has in the resctrl file system (runtime-spec, config-linux.md, IntelRdt): a
 * class of service, which is its own where the config names none, and maybe a monitoring group.
 *
 * @param mountPoint where the file system is mounted
 * @param name of the class
 * @param own whether it was made for this container, and goes with it
 * @param monitoring name of the monitoring group, which is always its own
 */
public record ResourceClass(
    Path mountPoint, String name, boolean own, Optional<String> monitoring) {
  private static final Path MOUNT_POINT = Path.of("/sys/fs/resctrl");
  private static final String DEFAULT = "/";

  /** Lines for a class's schemata, of each kind at most one change. */
  public record Schemata(Optional<String> l3Cache, Optional<String> memoryBandwidth) {
    boolean isEmpty() {
      return l3Cache.isEmpty() && memoryBandwidth.isEmpty();
    }

    /** In one write, as they are at a creation: of two lines for bandwidth the later counts. */
    String text() {
      Stream<String> cache =
          l3Cache.stream()
              .flatMap(String::lines)
              .filter(line -> memoryBandwidth.isEmpty() || !line.startsWith("MB:"));
      List<String> lines = new ArrayList<>(cache.toList());
      memoryBandwidth.ifPresent(lines::add);
      return String.join("\n", lines) + "\n";
    }
  }

  /** Empty where the config asks for none. */
  static Optional<ResourceClass> of(Spec spec, String id) {
    return spec.linux().flatMap(Linux::intelRdt).map(wanted -> of(MOUNT_POINT, wanted, id));
  }

  static ResourceClass of(Path mountPoint, IntelRdt wanted, String id) {
    return new ResourceClass(
        mountPoint,
        wanted.closId().orElse(id),
        wanted.closId().isEmpty(),
        wanted.enableMonitoring() ? Optional.of(id) : Optional.empty());
  }

  /**
   * A container's spec as a plan can have it: a class that the config names and that has its
   * schemata already is joined as it is.
   *
   * @throws OciException where the class has others
   */
  static Spec settled(Spec spec) throws IOException {
    Optional<Linux> linux = spec.linux().filter(each -> each.intelRdt().isPresent());
    if (linux.isEmpty()) {
      return spec;
    }
    IntelRdt settled = settled(MOUNT_POINT, linux.get().intelRdt().get());
    return spec.toBuilder().linux(linux.get().toBuilder().intelRdt(settled).build()).build();
  }

  static IntelRdt settled(Path mountPoint, IntelRdt wanted) throws IOException {
    ResourceSchemata schemata = ResourceSchemata.of(wanted);
    if (wanted.closId().isEmpty() || schemata.isEmpty()) {
      return wanted;
    }
    Path directory = directory(mountPoint, wanted.closId().get());
    if (Files.notExists(directory)) {
      return wanted;
    }
    List<String> lines = Files.readAllLines(directory.resolve("schemata"));
    Optional<String> missing =
        ResourceSchemata.of(lines).missing(schemata, steps(mountPoint, schemata));
    if (missing.isPresent()) {
      throw new OciException(
          "cannot use resource class \"%s\": it exists without \"%s\" (leave the schemata out of linux.intelRdt to use it as it is)"
              .formatted(directory, missing.get()));
    }
    return new IntelRdt(
        wanted.closId(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        wanted.enableMonitoring(),
        wanted.extra());
  }

  /** For the resources that have one: shares of a bandwidth. */
  private static Map<String, Long> steps(Path mountPoint, ResourceSchemata schemata)
      throws IOException {
    Map<String, Long> steps = new HashMap<>();
    for (String resource : schemata.values().keySet()) {
      if (resource.matches("\\w+")) {
        Path file = mountPoint.resolve("info").resolve(resource).resolve("bandwidth_gran");
        if (Files.exists(file)) {
          steps.put(resource, Math.max(1, Long.parseLong(Files.readString(file).strip())));
        }
      }
    }
    return steps;
  }

  private Path directory() {
    return directory(mountPoint, name);
  }

  private static Path directory(Path mountPoint, String name) {
    return name.equals(DEFAULT) ? mountPoint : mountPoint.resolve(name);
  }

  /** What goes with the container, the inner one first. */
  private List<Path> owned() {
    List<Path> owned = new ArrayList<>();
    monitoring.ifPresent(group -> owned.add(directory().resolve("mon_groups").resolve(group)));
    if (own) {
      owned.add(directory());
    }
    return owned;
  }

  /**
   * Whether a new container may have them.
   *
   * @throws OciException where one is there, and so is somebody else's
   */
  void requireFree() {
    for (Path each : owned()) {
      if (Files.exists(each)) {
        throw new OciException(
            "cannot use resource class \""
                + each
                + "\": it exists (name it in linux.intelRdt.closID)");
      }
    }
  }

  /** Removes what is the container's own; the kernel gives the processor's means back. */
  void remove() throws IOException {
    for (Path each : owned()) {
      try {
        FileTree.removeDirectory(Fd.CWD, each.toString());
      } catch (KernelException e) {
        if (!e.is(Errno.ENOENT)) {
          throw e;
        }
      }
    }
  }

  /**
   * Gives the class other schemata.
   *
   * @throws IOException with the kernel's own words where it refuses them
   */
  void update(Schemata schemata) throws IOException {
    String what = "cannot set the schemata of resource class \"" + directory() + "\": ";
    try (Fd file = FileOpen.path(directory().resolve("schemata").toString(), OpenFlags.WRONLY)) {
      FileData.writeAll(file, schemata.text().getBytes(StandardCharsets.UTF_8));
    } catch (KernelException e) {
      throw new IOException(what + KernelException.describe(e.number()) + reason(), e);
    }
  }

  /** What the kernel has against the last command; empty where it keeps that to itself. */
  private String reason() throws IOException {
    try {
      String status = Files.readString(mountPoint.resolve("info/last_cmd_status")).strip();
      return status.isEmpty() || status.equals("ok") ? "" : " (" + status + ")";
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}

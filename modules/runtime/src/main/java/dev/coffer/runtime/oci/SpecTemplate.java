package dev.coffer.runtime.oci;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** {@code spec}: a config to start from. */
public final class SpecTemplate {
  private static final String CONFIG = "config.json";
  private static final int INDENT = 2;

  private SpecTemplate() {}

  /**
   * Writes {@code config.json} into a bundle.
   *
   * @param rootless whether for a user who is not root, the caller
   * @param cgroups the host's: those of version 1 have a namespace where it is asked for
   * @throws OciException where there is one already
   */
  public static void write(Path bundle, boolean rootless, CgroupLayout.Mode cgroups)
      throws IOException {
    Spec spec = of(read(), cgroups);
    String json =
        Json.write(
            (rootless
                    ? rootless(spec, CurrentProcess.effectiveUid(), CurrentProcess.effectiveGid())
                    : spec)
                .toJson(),
            INDENT);
    try {
      Files.writeString(
          bundle.resolve(CONFIG),
          json + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new OciException(
          "cannot write \"" + bundle.resolve(CONFIG) + "\": it exists (move it out of the way)", e);
    }
  }

  /**
   * Without a cgroup namespace the paths of version 1 are the host's, as programs that look for
   * their own in {@code /proc/self/cgroup} have known them.
   */
  static Spec of(Spec spec, CgroupLayout.Mode cgroups) {
    Linux linux = spec.linux().orElseThrow();
    return cgroups == CgroupLayout.Mode.V2
        ? spec
        : spec.toBuilder()
            .linux(
                linux.toBuilder()
                    .namespaces(
                        linux.namespaces().stream()
                            .filter(each -> each.type() != NamespaceType.CGROUP)
                            .toList())
                    .build())
            .build();
  }

  static Spec read() throws IOException {
    try (InputStream resource = SpecTemplate.class.getResourceAsStream("spec.json")) {
      if (resource == null) {
        throw new IOException("spec.json is not part of this build");
      }
      return Spec.parse(resource.readAllBytes());
    }
  }

  /**
   * What a user without privileges can have: a user namespace in which that user is root and there
   * is nobody else, the host's network (for which sysfs has to be bound) and no limits.
   */
  static Spec rootless(Spec spec, int uid, int gid) {
    Linux linux = spec.linux().orElseThrow();
    List<Namespace> namespaces = new ArrayList<>(linux.namespaces());
    namespaces.removeIf(namespace -> namespace.type() == NamespaceType.NETWORK);
    namespaces.add(Namespace.create(NamespaceType.USER));
    return spec.toBuilder()
        .mounts(spec.mounts().stream().map(SpecTemplate::rootless).toList())
        .linux(
            linux.toBuilder()
                .namespaces(namespaces)
                .uidMappings(List.of(IdMapping.of(0, uid, 1)))
                .gidMappings(List.of(IdMapping.of(0, gid, 1)))
                .resources(Resources.builder().build())
                .build())
        .build();
  }

  private static Mount rootless(Mount mount) {
    return switch (mount.destination()) {
      case "/dev/pts" ->
          Mount.of(
              mount.destination(),
              "devpts",
              "devpts",
              mount.options().stream().filter(option -> !option.startsWith("gid=")).toList());
      case "/sys" ->
          Mount.of("/sys", "none", "/sys", List.of("rbind", "nosuid", "noexec", "nodev", "ro"));
      default -> mount;
    };
  }
}

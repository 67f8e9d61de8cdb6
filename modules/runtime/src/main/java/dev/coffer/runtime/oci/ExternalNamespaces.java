package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.runtime.criu.CriuOptions;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The namespaces that a container joins by a path, and that are no part of its image. Those of
 * networks and pids come to criu as descriptors, by the names that runc gives them; the others it
 * enters by their paths.
 */
final class ExternalNamespaces {
  private final List<Namespace> joined;

  private ExternalNamespaces(List<Namespace> joined) {
    this.joined = joined;
  }

  static ExternalNamespaces of(Spec spec, OciCaller caller) throws IOException {
    if (!Namespaces.ownsRoot(spec)) {
      throw new OciException(
          "not supported: linux.namespaces: criu with a mount namespace that is not the container's"
              + " own");
    }
    List<Namespace> wanted = spec.linux().map(Linux::namespaces).orElse(List.of());
    return new ExternalNamespaces(
        Namespaces.withoutOwn(wanted, caller.pid()).stream()
            .filter(each -> each.path().isPresent())
            .toList());
  }

  /** The name in the image of a kind that criu gets as a descriptor; empty for the others. */
  private static Optional<String> key(NamespaceType type) {
    return switch (type) {
      case NETWORK -> Optional.of("extRootNetNS");
      case PID -> Optional.of("extRootPidNS");
      case MOUNT, IPC, UTS, USER, CGROUP, TIME -> Optional.empty();
    };
  }

  /** Has criu leave them out. */
  void save(CriuOptions options) throws IOException {
    for (Namespace each : joined) {
      Optional<String> key = key(each.type());
      if (key.isPresent()) {
        Object inode = Files.getAttribute(Path.of(each.path().get()), "unix:ino");
        options.external("%s[%s]:%s".formatted(Namespaces.file(each.type()), inode, key.get()));
      }
    }
  }

  /**
   * Opens those that criu gets as descriptors.
   *
   * @return in order; the receiver's to close
   * @throws OciException for one that criu cannot enter, or that is not there
   */
  List<Fd> open() throws IOException {
    for (Namespace each : joined) {
      if (each.type() == NamespaceType.CGROUP) {
        throw new OciException(
            "not supported: linux.namespaces: criu cannot join a namespace of kind \"%s\" by a path"
                .formatted(each.type().spelling()));
      }
    }
    List<Fd> opened = new ArrayList<>();
    for (Namespace each : joined) {
      if (key(each.type()).isPresent()) {
        opened.add(open(each.path().orElseThrow(), opened));
      }
    }
    return opened;
  }

  /**
   * Has criu join them.
   *
   * @param first the number there of the first that was opened
   */
  void join(CriuOptions options, int first) {
    int number = first;
    for (Namespace each : joined) {
      Optional<String> key = key(each.type());
      if (key.isPresent()) {
        options.inherited(key.get(), number++);
      } else {
        options.joined(Namespaces.file(each.type()), each.path().orElseThrow());
      }
    }
  }

  private static Fd open(String path, List<Fd> before) throws IOException {
    try {
      return FileOpen.path(path, OpenFlags.RDONLY);
    } catch (KernelException e) {
      before.forEach(Fd::close);
      throw new OciException(
          "cannot open namespace \"%s\": %s".formatted(path, KernelException.describe(e.number())),
          e);
    }
  }
}

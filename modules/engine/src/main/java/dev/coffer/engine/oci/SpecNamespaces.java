package dev.coffer.engine.oci;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.NamespaceRequest;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which namespaces a container has of its own, and which it joins. */
public final class SpecNamespaces {

  private static final String CONTAINER = "container:";

  private SpecNamespaces() {}

  static List<Namespace> of(ContainerRequest request, SpecFacts facts) {
    NamespaceRequest wanted = request.namespaces();
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(Namespace.create(NamespaceType.MOUNT));
    add(namespaces, NamespaceType.NETWORK, "net", request.network().mode(), facts.networkPid());
    if (!wanted.uts().equals("host")) {
      if (request.network().mode().startsWith(CONTAINER)) {
        // A joined network brings the host name it is known by.
        add(namespaces, NamespaceType.UTS, "uts", request.network().mode(), facts.networkPid());
      } else {
        namespaces.add(Namespace.create(NamespaceType.UTS));
      }
    }
    add(namespaces, NamespaceType.PID, "pid", wanted.pid(), facts.pidPid());
    add(namespaces, NamespaceType.IPC, "ipc", wanted.ipc(), facts.ipcPid());
    if (ownsCgroup(wanted, facts.cgroupV2())) {
      namespaces.add(Namespace.create(NamespaceType.CGROUP));
    }
    return List.copyOf(namespaces);
  }

  /** The namespaces of a container that are not the host's. */
  public static Set<NamespaceType> distinct(ContainerRequest request, boolean cgroupV2) {
    NamespaceRequest wanted = request.namespaces();
    Set<NamespaceType> types = EnumSet.of(NamespaceType.MOUNT);
    addUnlessHost(types, NamespaceType.NETWORK, request.network().mode());
    addUnlessHost(types, NamespaceType.UTS, wanted.uts());
    addUnlessHost(types, NamespaceType.PID, wanted.pid());
    addUnlessHost(types, NamespaceType.IPC, wanted.ipc());
    if (ownsCgroup(wanted, cgroupV2)) {
      types.add(NamespaceType.CGROUP);
    }
    return types;
  }

  private static void addUnlessHost(Set<NamespaceType> types, NamespaceType type, String mode) {
    if (!mode.equals("host")) {
      types.add(type);
    }
  }

  static boolean ownsNetwork(ContainerRequest request) {
    String mode = request.network().mode();
    return !mode.equals("host") && !mode.startsWith(CONTAINER);
  }

  static boolean ownsUts(ContainerRequest request) {
    return !request.namespaces().uts().equals("host")
        && !request.network().mode().startsWith(CONTAINER);
  }

  /** As Docker: on by default with cgroup v2, off with v1. */
  private static boolean ownsCgroup(NamespaceRequest wanted, boolean cgroupV2) {
    return wanted.cgroup().isEmpty() ? cgroupV2 : wanted.cgroup().equals("private");
  }

  private static void add(
      List<Namespace> to, NamespaceType type, String file, String mode, Optional<Integer> pid) {
    if (mode.equals("host")) {
      return;
    }
    to.add(
        mode.startsWith(CONTAINER)
            ? Namespace.join(type, "/proc/" + pid.orElseThrow() + "/ns/" + file)
            : Namespace.create(type));
  }
}

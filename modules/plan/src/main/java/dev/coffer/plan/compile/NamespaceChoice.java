package dev.coffer.plan.compile;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.Slot;
import dev.coffer.spec.runtime.NamespaceType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which namespaces a container makes and which it joins; it shares the others with the engine.
 *
 * @param created made for it
 * @param joined entered
 */
record NamespaceChoice(Set<Namespace> created, List<Joined> joined) {

  /**
   * A namespace to enter; either by path or by descriptor.
   *
   * @param path absolute path on the host
   * @param descriptor the namespace's descriptor or a pidfd
   */
  record Joined(Namespace namespace, Optional<String> path, Optional<Slot> descriptor) {}

  static NamespaceChoice of(
      List<dev.coffer.spec.runtime.Namespace> wanted,
      Map<NamespaceType, String> inputs,
      SlotTable slots,
      HostFacts facts) {
    Set<Namespace> created = EnumSet.noneOf(Namespace.class);
    List<Joined> joined = new ArrayList<>();
    for (dev.coffer.spec.runtime.Namespace each : wanted) {
      Namespace namespace = namespace(each.type());
      Optional<Slot> input = Optional.ofNullable(inputs.get(each.type())).map(slots::input);
      if (input.isPresent()) {
        joined.add(new Joined(namespace, Optional.empty(), input));
      } else if (each.path().isPresent()) {
        joined.add(new Joined(namespace, each.path(), Optional.empty()));
      } else {
        created.add(namespace);
      }
    }
    NamespaceChoice choice = new NamespaceChoice(created, joined);
    choice.check(facts);
    return choice;
  }

  static Namespace namespace(NamespaceType type) {
    return switch (type) {
      case PID -> Namespace.PID;
      case NETWORK -> Namespace.NETWORK;
      case MOUNT -> Namespace.MOUNT;
      case IPC -> Namespace.IPC;
      case UTS -> Namespace.UTS;
      case USER -> Namespace.USER;
      case CGROUP -> Namespace.CGROUP;
      case TIME -> Namespace.TIME;
    };
  }

  private void check(HostFacts facts) {
    boolean foreign = creates(Namespace.USER) ? sharesMounts() : !has(Namespace.MOUNT);
    if (remapped() && foreign) {
      throw new PlanException(
          "linux.namespaces: in a user namespace nothing can be mounted in a mount namespace of the"
              + " host's: it needs one of its own");
    }
    missing(facts, Namespace.TIME, Feature.TIME_NAMESPACE);
    missing(facts, Namespace.CGROUP, Feature.CGROUP_NAMESPACE);
    missing(facts, Namespace.USER, Feature.USER_NAMESPACE);
  }

  private void missing(HostFacts facts, Namespace namespace, Feature feature) {
    if (creates(namespace) && !facts.has(feature)) {
      throw PlanException.notSupported(
          "linux.namespaces", "this host cannot create a " + namespace.label());
    }
  }

  boolean creates(Namespace namespace) {
    return created.contains(namespace);
  }

  boolean joins(Namespace namespace) {
    return joined.stream().anyMatch(each -> each.namespace() == namespace);
  }

  /** Whether the container does not share the host's. */
  boolean has(Namespace namespace) {
    return creates(namespace) || joins(namespace);
  }

  /**
   * Whether the container's mounts are seen by others too: it has the mount namespace of the host,
   * or one that somebody else has made.
   */
  boolean sharesMounts() {
    return !creates(Namespace.MOUNT);
  }

  /** Whether the container's root is not the host's. */
  boolean remapped() {
    return creates(Namespace.USER) || joins(Namespace.USER);
  }

  /** Whether it is joined by the monitor, whose child is then born in it, instead of by init. */
  boolean joinsBeforeBirth(Namespace namespace) {
    // Children alone enter a pid namespace, and nobody can leave a new user namespace to join.
    return namespace == Namespace.PID || (creates(Namespace.USER) && namespace != Namespace.USER);
  }

  /**
   * Namespaces that clone3(2) makes. A new namespace belongs to the user namespace of its maker.
   */
  long birthFlags() {
    long flags = 0;
    for (Namespace each : created) {
      boolean atBirth = each != Namespace.CGROUP && each != Namespace.TIME;
      if (atBirth && !joins(Namespace.USER)) {
        flags |= each.flag();
      }
    }
    return flags;
  }

  /**
   * Whether init is to have a new pid namespace within a user namespace that is joined: it is then
   * born of a process that has joined already.
   */
  boolean needsJoiner() {
    return joins(Namespace.USER) && creates(Namespace.PID);
  }

  /** Namespaces that init makes itself, after it has joined a user namespace. */
  List<Namespace> createdByInit() {
    return joins(Namespace.USER)
        ? created.stream()
            .filter(
                each -> each != Namespace.CGROUP && each != Namespace.TIME && each != Namespace.PID)
            .toList()
        : List.of();
  }
}

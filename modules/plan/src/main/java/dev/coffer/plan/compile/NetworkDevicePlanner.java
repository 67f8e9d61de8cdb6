package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.AddAddress;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.EnterNamespace;
import dev.coffer.plan.op.LeaveNamespace;
import dev.coffer.plan.op.MoveNetworkDevice;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenNamespace;
import dev.coffer.plan.op.OpenNetlink;
import dev.coffer.plan.op.RaiseNetworkDevice;
import dev.coffer.plan.op.Slot;
import dev.coffer.spec.runtime.NetDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves network devices of the host into a container (runtime-spec, config-linux.md, Network
 * Devices). The monitor does it: its rights reach both namespaces, whoever owns the container's.
 */
final class NetworkDevicePlanner {
  private static final String FIELD = "linux.netDevices";

  private final Map<String, NetDevice> wanted;
  private final Map<String, NetworkDevice> known;
  private final SlotTable slots;
  private final String why;

  NetworkDevicePlanner(
      Map<String, NetDevice> wanted,
      Map<String, NetworkDevice> known,
      NamespaceChoice namespaces,
      SlotTable slots,
      Origins origins) {
    this.wanted = wanted;
    this.known = known;
    this.slots = slots;
    this.why = origins.of(FIELD);
    if (!wanted.isEmpty() && !namespaces.has(Namespace.NETWORK)) {
      throw new PlanException(FIELD + ": needs a network namespace");
    }
    for (String name : wanted.keySet()) {
      if (!known.containsKey(name)) {
        throw new PlanException("%s: the host has no device \"%s\"".formatted(FIELD, name));
      }
    }
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  /** What the monitor does once init is in its network namespace. */
  List<Op> monitor() {
    Slot target = slots.add("netns");
    Slot own = slots.add("own-netns");
    Slot outside = slots.add("netlink");
    Slot inside = slots.add("container-netlink");
    List<Op> ops = new ArrayList<>();
    ops.add(
        new OpenNamespace(Namespace.NETWORK, Optional.empty(), SlotTable.INIT_PID, target, why));
    ops.add(new OpenNetlink(outside, why));
    ops.add(
        new EnterNamespace(
            Namespace.NETWORK,
            Optional.empty(),
            Optional.of(target),
            Namespace.NETWORK.flag(),
            Optional.of(own),
            why));
    ops.add(new OpenNetlink(inside, why));
    ops.add(new LeaveNamespace(Namespace.NETWORK, own, false, why));
    wanted.forEach((name, device) -> move(ops, name, device, target, outside, inside));
    ops.add(new CloseSlots(List.of(target, outside, inside), why));
    return ops;
  }

  private void move(
      List<Op> ops, String name, NetDevice device, Slot target, Slot outside, Slot inside) {
    NetworkDevice found = known.get(name);
    String newName = device.name().orElse(name);
    ops.add(new MoveNetworkDevice(outside, name, found.index(), target, newName, why));
    for (NetworkDevice.Address each : found.addresses()) {
      ops.add(
          new AddAddress(
              inside,
              found.index(),
              each.bytes(),
              each.peer(),
              each.prefixLength(),
              each.broadcast(),
              each.text(),
              why));
    }
    ops.add(new RaiseNetworkDevice(inside, found.index(), why));
  }
}

package dev.coffer.plan.compile;

import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import java.util.List;
import java.util.Optional;

/**
 * A device list of version 2 that has to wait: it is for the program, and what a config mounts from
 * devices need not be on it. In version 1 init joins the list's cgroup late enough.
 */
final class LateDeviceFilter {
  private static final String MOUNTED = "what is on devices is mounted";
  private static final String LIMITED = "the device list counts";

  private LateDeviceFilter() {}

  /**
   * Has the monitor attach the filter once init has mounted.
   *
   * @param filter empty: there is none
   * @param cgroup where it is attached; closed then
   * @return what init does for it
   */
  static List<Op> plan(List<Op> filter, Optional<Slot> cgroup, int initStage, List<Op> monitor) {
    if (filter.isEmpty()) {
      return filter;
    }
    monitor.add(Sync.receive(initStage, 'f', MOUNTED));
    monitor.addAll(filter);
    monitor.add(new CloseSlots(List.of(cgroup.orElseThrow()), LIMITED));
    monitor.add(Sync.send(initStage, 'l', LIMITED));
    return List.of(Sync.send(Sync.PARENT, 'f', MOUNTED), Sync.receive(Sync.PARENT, 'l', LIMITED));
  }
}

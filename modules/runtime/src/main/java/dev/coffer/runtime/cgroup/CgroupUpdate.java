package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.plan.compile.CgroupSetting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Other limits for a cgroup that is in use. Some bound each other: memory the sum of memory and
 * swap, a quota its burst, a period its quota. Which of them has to go first depends on what was
 * there before, so one that is refused as invalid is tried again behind the others.
 */
final class CgroupUpdate {
  private final String path;

  /** By controller. */
  private final Function<String, Optional<CgroupDirectory>> directory;

  CgroupUpdate(String path, Function<String, Optional<CgroupDirectory>> directory) {
    this.path = path;
    this.directory = directory;
  }

  /**
   * Writes all.
   *
   * @throws IOException naming the limit that the kernel refused; others may be in force by then
   */
  void write(List<CgroupSetting> settings) throws IOException {
    List<CgroupSetting> pending = settings;
    while (!pending.isEmpty()) {
      List<CgroupSetting> refused = new ArrayList<>();
      KernelException last = null;
      for (CgroupSetting setting : pending) {
        try {
          writeOne(setting);
        } catch (KernelException e) {
          if (!e.is(Errno.EINVAL)) {
            throw refusal(setting, cause(setting, e), e);
          }
          refused.add(setting);
          last = e;
        }
      }
      if (refused.size() == pending.size()) {
        throw refusal(refused.getLast(), cause(refused.getLast(), last), last);
      }
      pending = refused;
    }
  }

  /** Writes the first of its files that is there. */
  private void writeOne(CgroupSetting setting) throws IOException {
    Optional<CgroupDirectory> found = directory.apply(setting.controller());
    for (Map.Entry<String, String> each : setting.contents().entrySet()) {
      if (found.isPresent() && found.get().write(each.getKey(), each.getValue())) {
        return;
      }
    }
    throw refusal(setting, "the host does not offer this limit", null);
  }

  private static String cause(CgroupSetting setting, KernelException e) {
    String error = KernelException.describe(e.number());
    if (e.is(Errno.EINVAL) && setting.field().equals("memory.limit")) {
      return error + " (is it more than memory and swap together may be?)";
    }
    return e.is(Errno.EBUSY) && setting.field().startsWith("memory.")
        ? error + " (more than that is in use)"
        : error;
  }

  private IOException refusal(CgroupSetting setting, String why, KernelException cause) {
    return new IOException(
        "cannot set %s of cgroup \"%s\" to %s: %s"
            .formatted(setting.field(), path, setting.contents().firstEntry().getValue(), why),
        cause);
  }
}

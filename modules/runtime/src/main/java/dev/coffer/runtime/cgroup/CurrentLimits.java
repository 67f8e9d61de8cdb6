package dev.coffer.runtime.cgroup;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.spec.runtime.Cpu;
import dev.coffer.spec.runtime.Memory;
import dev.coffer.spec.runtime.Resources;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;

/** What a cgroup is limited to now, as far as an update has to know it. */
final class CurrentLimits {
  private static final String UNLIMITED = "max";

  /** The text of a file, by controller and name. */
  private final BiFunction<String, String, Optional<String>> file;

  private final CgroupLayout layout;

  CurrentLimits(BiFunction<String, String, Optional<String>> file, CgroupLayout layout) {
    this.file = file;
    this.layout = layout;
  }

  /**
   * The resources with what belongs to what they name: version 2 has quota and period in one file,
   * and counts swap without the memory beside it.
   *
   * @throws IOException where a memory limit is to be checked first, and is below what is in use
   */
  Resources complete(Resources wanted) throws IOException {
    Resources.Builder whole = wanted.toBuilder();
    if (wanted.memory().isPresent()) {
      check(wanted.memory().get());
      whole.memory(memory(wanted.memory().get()));
    }
    if (wanted.cpu().isPresent() && isVersion2("cpu")) {
      whole.cpu(cpu(wanted.cpu().get()));
    }
    return whole.build();
  }

  private void check(Memory memory) throws IOException {
    if (!memory.checkBeforeUpdate().orElse(false)) {
      return;
    }
    long limit = memory.limit().orElse(-1L);
    String current = isVersion2("memory") ? "memory.current" : "memory.usage_in_bytes";
    long used = file.apply("memory", current).flatMap(KeyedFile::number).orElse(0L);
    if (limit > 0 && limit < used) {
      throw new IOException(
          "cannot limit memory to %d bytes: %d are in use (leave checkBeforeUpdate out to have processes killed)"
              .formatted(limit, used));
    }
  }

  private Memory memory(Memory wanted) {
    if (isVersion2("memory")) {
      boolean alone = wanted.swap().orElse(0L) > 0 && wanted.limit().orElse(0L) == 0;
      Optional<Long> now = alone ? number("memory", "memory.max") : Optional.empty();
      return now.isPresent() ? wanted.toBuilder().limit(now.get()).build() : wanted;
    }
    // Without a limit of memory there can be none of the sum.
    boolean unlimited = wanted.limit().orElse(0L) < 0 && wanted.swap().orElse(0L) == 0;
    boolean counted = file.apply("memory", "memory.memsw.limit_in_bytes").isPresent();
    return unlimited && counted ? wanted.toBuilder().swap(-1).build() : wanted;
  }

  private Cpu cpu(Cpu wanted) {
    String[] now = file.apply("cpu", "cpu.max").orElse("").split(" ", -1);
    Cpu.Builder whole = wanted.toBuilder();
    boolean quota = wanted.quota().orElse(0L) != 0;
    boolean period = wanted.period().orElse(0L) != 0;
    if (now.length == 2 && quota && !period) {
      whole.period(Long.parseLong(now[1]));
    }
    if (now.length == 2 && period && !quota && !now[0].equals(UNLIMITED)) {
      whole.quota(Long.parseLong(now[0]));
    }
    return whole.build();
  }

  private Optional<Long> number(String controller, String name) {
    return file.apply(controller, name).flatMap(KeyedFile::number);
  }

  private boolean isVersion2(String controller) {
    return layout.of(controller).map(Hierarchy::version).orElse(1) == 2;
  }
}

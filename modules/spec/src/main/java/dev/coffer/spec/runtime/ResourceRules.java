package dev.coffer.spec.runtime;

import java.util.List;
import java.util.Optional;

/** The rules for {@code linux.resources}. Source: config-linux.md, Control groups. */
final class ResourceRules {
  private static final long MAX_DEVICE_NUMBER = 0xffff_ffffL;

  private ResourceRules() {}

  static void check(Resources resources, Problems problems) {
    for (int i = 0; i < resources.devices().size(); i++) {
      deviceRule(resources.devices().get(i), problems.at("devices").at(i));
    }
    resources.memory().ifPresent(memory -> memory(memory, problems.at("memory")));
    resources.cpu().ifPresent(cpu -> cpu(cpu, problems.at("cpu")));
    resources
        .pids()
        .flatMap(Pids::limit)
        .ifPresent(limit -> atLeastMinusOne(limit, problems.at("pids").at("limit")));
    resources.blockIO().ifPresent(io -> blockIo(io, problems.at("blockIO")));
    for (int i = 0; i < resources.hugepageLimits().size(); i++) {
      String size = resources.hugepageLimits().get(i).pageSize();
      if (!size.matches("[1-9][0-9]*[KMG]B")) {
        problems
            .at("hugepageLimits")
            .at(i)
            .at("pageSize")
            .add("must be a size such as 64KB, 2MB or 1GB, is \"" + size + "\"");
      }
    }
    resources
        .rdma()
        .forEach(
            (device, limits) -> {
              if (limits.hcaHandles().isEmpty() && limits.hcaObjects().isEmpty()) {
                problems.at("rdma").at(device).add("must have hcaHandles or hcaObjects");
              }
            });
    resources.unified().keySet().forEach(file -> unified(file, problems.at("unified")));
  }

  private static void deviceRule(DeviceRule rule, Problems problems) {
    rule.type()
        .filter(type -> type == DeviceType.FIFO)
        .ifPresent(type -> problems.at("type").add("must be one of a, c, b, is \"p\""));
    rule.major().ifPresent(major -> problems.at("major").range(major, -1, MAX_DEVICE_NUMBER));
    rule.minor().ifPresent(minor -> problems.at("minor").range(minor, -1, MAX_DEVICE_NUMBER));
    rule.access()
        .filter(access -> !access.matches("[rwm]*"))
        .ifPresent(
            access ->
                problems.at("access").add("must be some of r, w and m, is \"" + access + "\""));
  }

  private static void memory(Memory memory, Problems problems) {
    limit(memory.limit(), problems.at("limit"));
    limit(memory.reservation(), problems.at("reservation"));
    limit(memory.swap(), problems.at("swap"));
    limit(memory.kernel(), problems.at("kernel"));
    limit(memory.kernelTCP(), problems.at("kernelTCP"));
    memory
        .swappiness()
        .filter(swappiness -> Long.compareUnsigned(swappiness, 100) > 0)
        .ifPresent(
            swappiness ->
                problems
                    .at("swappiness")
                    .add("must be from 0 to 100, is " + Long.toUnsignedString(swappiness)));
  }

  private static void limit(Optional<Long> limit, Problems problems) {
    limit.ifPresent(value -> atLeastMinusOne(value, problems));
  }

  private static void atLeastMinusOne(long value, Problems problems) {
    if (value < -1) {
      problems.add("must be at least 0, or -1 for no limit, is " + value);
    }
  }

  private static void cpu(Cpu cpu, Problems problems) {
    cpu.cpus().ifPresent(cpus -> problems.at("cpus").numberList(cpus));
    cpu.mems().ifPresent(mems -> problems.at("mems").numberList(mems));
    cpu.idle().ifPresent(idle -> problems.at("idle").range(idle, 0, 1));
    long quota = cpu.quota().orElse(-1L);
    cpu.burst()
        .filter(burst -> quota > 0 && Long.compareUnsigned(burst, quota) > 0)
        .ifPresent(
            burst ->
                problems
                    .at("burst")
                    .add(
                        "must not be above the quota "
                            + quota
                            + ", is "
                            + Long.toUnsignedString(burst)));
  }

  private static void blockIo(BlockIo io, Problems problems) {
    List<WeightDevice> devices = io.weightDevice();
    for (int i = 0; i < devices.size(); i++) {
      if (devices.get(i).weight().isEmpty() && devices.get(i).leafWeight().isEmpty()) {
        problems.at("weightDevice").at(i).add("must have weight or leafWeight");
      }
    }
  }

  /** Each key is a file in the container's cgroup directory, and no path out of it. */
  private static void unified(String file, Problems problems) {
    if (file.isEmpty() || file.contains("/") || file.equals(".") || file.equals("..")) {
      problems.at(file).add("must be a file name");
    }
    problems.at(file).text(file);
  }
}

package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.BlockIo;
import dev.coffer.spec.runtime.ThrottleDevice;
import dev.coffer.spec.runtime.WeightDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * Block device limits (cgroup-v1/blkio-controller.rst, cgroup-v2.rst). The scheduler BFQ has a
 * weight of its own, from 1 to 1000 in either version (block/bfq-iosched.rst); where it is there,
 * it is the one that schedules.
 */
final class BlockIoLimits {
  private static final String VERSION_1 = "blkio";
  private static final String VERSION_2 = "io";

  private BlockIoLimits() {}

  static List<CgroupSetting> version1(BlockIo limits) {
    refuseLeafWeight(limits);
    List<CgroupSetting> settings = new ArrayList<>();
    limits
        .weight()
        .filter(weight -> weight != 0)
        .ifPresent(
            weight ->
                settings.add(
                    CgroupSetting.of(VERSION_1, "blkio.weight", weight, "blockIO.weight")
                        .or("blkio.bfq.weight", weight)));
    for (WeightDevice device : limits.weightDevice()) {
      device
          .weight()
          .ifPresent(
              weight -> {
                String content = weightOf(device, weight);
                settings.add(
                    CgroupSetting.of(
                            VERSION_1, "blkio.weight_device", content, "blockIO.weightDevice")
                        .or("blkio.bfq.weight_device", content));
              });
    }
    throttle1(settings, limits.throttleReadBpsDevice(), "read_bps", "throttleReadBpsDevice");
    throttle1(settings, limits.throttleWriteBpsDevice(), "write_bps", "throttleWriteBpsDevice");
    throttle1(settings, limits.throttleReadIOPSDevice(), "read_iops", "throttleReadIOPSDevice");
    throttle1(settings, limits.throttleWriteIOPSDevice(), "write_iops", "throttleWriteIOPSDevice");
    return settings;
  }

  private static void throttle1(
      List<CgroupSetting> settings, List<ThrottleDevice> devices, String what, String field) {
    for (ThrottleDevice device : devices) {
      settings.add(
          CgroupSetting.of(
              VERSION_1,
              "blkio.throttle." + what + "_device",
              "%d:%d %s".formatted(device.major(), device.minor(), rate(device)),
              "blockIO." + field));
    }
  }

  static List<CgroupSetting> version2(BlockIo limits) {
    refuseLeafWeight(limits);
    List<CgroupSetting> settings = new ArrayList<>();
    limits
        .weight()
        .filter(weight -> weight != 0)
        .ifPresent(
            weight ->
                settings.add(
                    CgroupSetting.of(VERSION_2, "io.bfq.weight", weight, "blockIO.weight")
                        .or("io.weight", weight(weight))));
    for (WeightDevice device : limits.weightDevice()) {
      device
          .weight()
          .ifPresent(
              weight ->
                  settings.add(
                      CgroupSetting.of(
                              VERSION_2,
                              "io.bfq.weight",
                              weightOf(device, weight),
                              "blockIO.weightDevice")
                          .or("io.weight", weightOf(device, weight(weight)))));
    }
    throttle2(settings, limits.throttleReadBpsDevice(), "rbps", "throttleReadBpsDevice");
    throttle2(settings, limits.throttleWriteBpsDevice(), "wbps", "throttleWriteBpsDevice");
    throttle2(settings, limits.throttleReadIOPSDevice(), "riops", "throttleReadIOPSDevice");
    throttle2(settings, limits.throttleWriteIOPSDevice(), "wiops", "throttleWriteIOPSDevice");
    return settings;
  }

  private static void throttle2(
      List<CgroupSetting> settings, List<ThrottleDevice> devices, String key, String field) {
    for (ThrottleDevice device : devices) {
      settings.add(
          CgroupSetting.of(
              VERSION_2,
              "io.max",
              "%d:%d %s=%s"
                  .formatted(
                      device.major(),
                      device.minor(),
                      key,
                      device.rate() == 0 ? "max" : rate(device)),
              "blockIO." + field));
    }
  }

  private static String weightOf(WeightDevice device, long weight) {
    return "%d:%d %d".formatted(device.major(), device.minor(), weight);
  }

  /** 10 to 1000 in version 1 becomes 1 to 10000. */
  private static long weight(long weight) {
    return 1 + (weight - 10) * 9999 / 990;
  }

  private static String rate(ThrottleDevice device) {
    return Long.toUnsignedString(device.rate());
  }

  private static void refuseLeafWeight(BlockIo limits) {
    boolean wanted =
        limits.leafWeight().isPresent()
            || limits.weightDevice().stream().anyMatch(each -> each.leafWeight().isPresent());
    if (wanted) {
      throw PlanException.notSupported(
          "linux.resources.blockIO.leafWeight", "the kernel removed it in 5.0");
    }
  }
}

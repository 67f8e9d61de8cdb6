package dev.coffer.runtime.oci;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.MountOptionNames;
import dev.coffer.runtime.systemd.PropertyAnnotations;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.MemoryPolicyFlag;
import dev.coffer.spec.runtime.MemoryPolicyMode;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompFlag;
import dev.coffer.spec.runtime.SeccompOperator;
import dev.coffer.spec.runtime.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * {@code features}: what a config may ask for, in the form of runtime-spec, features.md and
 * features-linux.md. Where the host cannot, it is not said.
 */
public final class RuntimeFeatures {
  private static final String OLDEST = "1.0.0";
  private static final List<String> HOOKS =
      List.of(
          "prestart",
          "createRuntime",
          "createContainer",
          "startContainer",
          "poststart",
          "poststop");

  private RuntimeFeatures() {}

  /**
   * The features on a host.
   *
   * @param systemd whether it was booted by systemd
   */
  public static JsonObject of(HostFacts facts, boolean systemd) {
    return JsonObject.builder()
        .put("ociVersionMin", OLDEST)
        .put("ociVersionMax", Spec.VERSION)
        .putStrings("hooks", HOOKS)
        .putStrings("mountOptions", MountOptionNames.known(facts))
        .put("linux", linux(facts, systemd))
        .putStrings(
            "potentiallyUnsafeConfigAnnotations",
            List.of(CriuRun.CONFIGURATION, PropertyAnnotations.PREFIX))
        .build();
  }

  private static JsonObject linux(HostFacts facts, boolean systemd) {
    return JsonObject.builder()
        .putStrings(
            "namespaces",
            names(NamespaceType.values(), type -> has(facts, type), NamespaceType::spelling))
        .putStrings(
            "capabilities",
            names(
                Capability.values(),
                each -> each.number() <= facts.lastCapability(),
                Capability::spelling))
        .put("cgroup", cgroup(facts.cgroups(), systemd))
        .put("seccomp", seccomp(facts))
        .put("apparmor", enabled(facts.appArmor()))
        .put("selinux", enabled(facts.seLinux()))
        .put("intelRdt", resourceClasses(facts.has(Feature.RESCTRL)))
        .put(
            "memoryPolicy",
            JsonObject.builder()
                .putStrings(
                    "modes",
                    names(MemoryPolicyMode.values(), _ -> true, MemoryPolicyMode::spelling))
                .putStrings(
                    "flags",
                    names(MemoryPolicyFlag.values(), _ -> true, MemoryPolicyFlag::spelling))
                .build())
        .put(
            "mountExtensions",
            JsonObject.builder().put("idmap", enabled(facts.has(Feature.IDMAP_MOUNTS))).build())
        .put("netDevices", enabled(true))
        .build();
  }

  private static boolean has(HostFacts facts, NamespaceType type) {
    return switch (type) {
      case PID, NETWORK, MOUNT, IPC, UTS -> true;
      case USER -> facts.has(Feature.USER_NAMESPACE);
      case CGROUP -> facts.has(Feature.CGROUP_NAMESPACE);
      case TIME -> facts.has(Feature.TIME_NAMESPACE);
    };
  }

  private static JsonObject cgroup(CgroupLayout layout, boolean systemd) {
    return JsonObject.builder()
        .put("v1", layout.hierarchies().stream().anyMatch(each -> each.version() == 1))
        .put("v2", layout.unified().isPresent())
        .put("systemd", systemd)
        .put("systemdUser", systemd && layout.mode() == CgroupLayout.Mode.V2)
        .put("rdma", layout.of("rdma").isPresent())
        .build();
  }

  private static JsonObject seccomp(HostFacts facts) {
    boolean notify = facts.has(Feature.SECCOMP_NOTIFY);
    Predicate<SeccompFlag> supported =
        flag -> flag != SeccompFlag.WAIT_KILLABLE_RECV || facts.has(Feature.SECCOMP_WAIT_KILLABLE);
    return JsonObject.builder()
        .put("enabled", facts.has(Feature.SECCOMP_FILTER))
        .putStrings(
            "actions",
            names(
                SeccompAction.values(),
                action -> action != SeccompAction.NOTIFY || notify,
                SeccompAction::spelling))
        .putStrings(
            "operators", names(SeccompOperator.values(), _ -> true, SeccompOperator::spelling))
        .putStrings("archs", names(SeccompArch.values(), _ -> true, SeccompArch::spelling))
        .putStrings("knownFlags", names(SeccompFlag.values(), _ -> true, SeccompFlag::spelling))
        .putStrings("supportedFlags", names(SeccompFlag.values(), supported, SeccompFlag::spelling))
        .build();
  }

  private static JsonObject resourceClasses(boolean can) {
    return JsonObject.builder()
        .put("enabled", can)
        .put("schemata", can)
        .put("monitoring", can)
        .build();
  }

  private static JsonObject enabled(boolean is) {
    return JsonObject.builder().put("enabled", is).build();
  }

  private static <T> List<String> names(
      T[] values, Predicate<T> filter, Function<T, String> spelling) {
    return Arrays.stream(values).filter(filter).map(spelling).toList();
  }
}

package dev.coffer.spec.runtime;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The rules for {@code linux}. Source: config-linux.md. */
final class LinuxRules {
  private static final Set<MemoryPolicyMode> WITHOUT_NODES =
      EnumSet.of(MemoryPolicyMode.DEFAULT, MemoryPolicyMode.LOCAL);
  private static final Set<MemoryPolicyMode> WITH_NODES =
      EnumSet.of(
          MemoryPolicyMode.BIND,
          MemoryPolicyMode.INTERLEAVE,
          MemoryPolicyMode.WEIGHTED_INTERLEAVE,
          MemoryPolicyMode.PREFERRED_MANY);
  private static final int MAX_INTERFACE_NAME = 15;

  private LinuxRules() {}

  static void check(Linux linux, Problems problems) {
    namespaces(linux.namespaces(), problems.at("namespaces"));
    problems.at("uidMappings").mappings(linux.uidMappings());
    problems.at("gidMappings").mappings(linux.gidMappings());
    timeOffsets(linux, problems.at("timeOffsets"));
    for (int i = 0; i < linux.devices().size(); i++) {
      device(linux.devices().get(i), problems.at("devices").at(i));
    }
    netDevices(linux, problems.at("netDevices"));
    linux.cgroupsPath().ifPresent(path -> problems.at("cgroupsPath").text(path));
    linux
        .resources()
        .ifPresent(resources -> ResourceRules.check(resources, problems.at("resources")));
    linux.seccomp().ifPresent(seccomp -> SeccompRules.check(seccomp, problems.at("seccomp")));
    problems.at("maskedPaths").absolute(linux.maskedPaths());
    problems.at("readonlyPaths").absolute(linux.readonlyPaths());
    linux.sysctl().forEach((name, value) -> sysctl(name, value, problems.at("sysctl")));
    linux.intelRdt().ifPresent(rdt -> intelRdt(rdt, problems.at("intelRdt")));
    linux.memoryPolicy().ifPresent(policy -> memoryPolicy(policy, problems.at("memoryPolicy")));
    linux
        .personality()
        .filter(personality -> !personality.flags().isEmpty())
        .ifPresent(
            personality ->
                problems.at("personality").at("flags").add("must be empty: none are defined"));
  }

  private static void namespaces(List<Namespace> namespaces, Problems problems) {
    Set<NamespaceType> seen = EnumSet.noneOf(NamespaceType.class);
    for (int i = 0; i < namespaces.size(); i++) {
      Namespace namespace = namespaces.get(i);
      Problems at = problems.at(i);
      if (!seen.add(namespace.type())) {
        at.at("type").add("must not be given twice: " + namespace.type().spelling());
      }
      namespace.path().ifPresent(path -> at.at("path").absolute(path));
    }
  }

  private static void timeOffsets(Linux linux, Problems problems) {
    if (!linux.timeOffsets().isEmpty() && linux.namespace(NamespaceType.TIME).isEmpty()) {
      problems.add("need a time namespace");
    }
    linux
        .timeOffsets()
        .forEach(
            (clock, offset) -> {
              Problems at = problems.at(clock);
              if (!clock.equals("monotonic") && !clock.equals("boottime")) {
                at.add("must be one of monotonic, boottime");
              }
              offset.nanosecs().ifPresent(nanos -> at.at("nanosecs").range(nanos, 0, 999_999_999));
            });
  }

  private static void device(Device device, Problems problems) {
    problems.at("path").absolute(device.path());
    if (device.type() == DeviceType.ALL) {
      problems.at("type").add("must be one of c, b, u, p, is \"a\"");
    }
    // The sizes of the two parts of the kernel's dev_t.
    problems.at("major").range(device.major(), 0, (1 << 12) - 1);
    problems.at("minor").range(device.minor(), 0, (1 << 20) - 1);
  }

  private static void netDevices(Linux linux, Problems problems) {
    if (!linux.netDevices().isEmpty() && linux.namespace(NamespaceType.NETWORK).isEmpty()) {
      problems.add("need a network namespace");
    }
    linux
        .netDevices()
        .forEach(
            (name, device) -> {
              interfaceName(name, problems.at(name));
              device
                  .name()
                  .ifPresent(inside -> interfaceName(inside, problems.at(name).at("name")));
            });
  }

  /** The rule of {@code dev_valid_name} in the kernel. */
  private static void interfaceName(String name, Problems problems) {
    boolean valid =
        !name.isEmpty()
            && name.length() <= MAX_INTERFACE_NAME
            && !name.equals(".")
            && !name.equals("..")
            && name.chars().noneMatch(c -> c <= ' ' || c == '/' || c == ':');
    if (!valid) {
      problems.add("must be the name of a network device, is \"" + name + "\"");
    }
  }

  private static void sysctl(String name, String value, Problems problems) {
    boolean leadsAway = name.isEmpty() || name.startsWith("/") || name.contains("..");
    if (leadsAway || name.indexOf('\0') >= 0) {
      problems.at(name).add("must be the name of a kernel parameter");
    }
    problems.at(name).text(value);
  }

  private static void intelRdt(IntelRdt rdt, Problems problems) {
    rdt.closId()
        .filter(id -> !id.equals("/") && (id.contains("/") || id.equals(".") || id.equals("..")))
        .ifPresent(id -> problems.at("closID").add("must be a file name, is \"" + id + "\""));
    rdt.l3CacheSchema().ifPresent(schema -> oneLine(schema, problems.at("l3CacheSchema")));
    rdt.memBwSchema()
        .ifPresent(
            schema -> {
              Problems at = problems.at("memBwSchema");
              oneLine(schema, at);
              if (!schema.startsWith("MB:")) {
                at.add(
                    "must begin with \"MB:\", is \""
                        + schema.lines().findFirst().orElse("")
                        + "\"");
              }
            });
    for (int i = 0; i < rdt.schemata().size(); i++) {
      oneLine(rdt.schemata().get(i), problems.at("schemata").at(i));
    }
  }

  private static void oneLine(String text, Problems problems) {
    if (text.indexOf('\n') >= 0) {
      problems.add("must not contain a newline");
    }
  }

  /** Source: set_mempolicy(2). */
  private static void memoryPolicy(MemoryPolicy policy, Problems problems) {
    policy.nodes().ifPresent(nodes -> problems.at("nodes").numberList(nodes));
    if (policy.nodes().isPresent() && WITHOUT_NODES.contains(policy.mode())) {
      problems.at("nodes").add("must be absent with " + policy.mode().spelling());
    }
    if (policy.nodes().isEmpty() && WITH_NODES.contains(policy.mode())) {
      problems.at("nodes").add("is missing: " + policy.mode().spelling() + " needs it");
    }
    if (policy
        .flags()
        .containsAll(List.of(MemoryPolicyFlag.STATIC_NODES, MemoryPolicyFlag.RELATIVE_NODES))) {
      problems.at("flags").add("must not have both static and relative nodes");
    }
  }
}

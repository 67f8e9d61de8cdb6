package dev.coffer.conformance.oci;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Configs of which no container can be made, one after the other, the same for the same seed. Each
 * is a good one, with a few members more, in which one thing is wrong: a value of another type
 * somewhere, an end too early, or a value that only the runtime or the kernel can find fault with.
 * Nothing in them could reach beyond its bundle if it were taken.
 */
final class BrokenConfigs {

  /** What is refused while the config is read, compiled or carried out, early and late. */
  private static final List<Consumer<Bundle>> WRONG_VALUES =
      List.of(
          b -> b.remove("process"),
          b -> b.remove("root"),
          b -> b.args(),
          b -> b.args("/no/such/program"),
          b -> b.args("/etc"),
          b -> b.args("a\u0000b"),
          b -> b.set("process.cwd", "tmp"),
          b -> b.set("process.cwd", "/etc/passwd"),
          b -> b.set("process.user.uid", 1L << 32),
          b -> b.set("process.user.additionalGids", List.of(-2)),
          b -> b.set("process.oomScoreAdj", 5000),
          b -> b.set("process.rlimits", List.of(Map.of("type", "RLIMIT_X", "soft", 1, "hard", 1))),
          b ->
              b.set(
                  "process.rlimits", List.of(Map.of("type", "RLIMIT_CORE", "soft", 2, "hard", 1))),
          b -> b.set("process.scheduler", Map.of("policy", "SCHED_NONE")),
          b -> b.set("process.apparmorProfile", "no-such-profile"),
          b -> b.set("root.path", "nowhere"),
          b -> b.set("root.path", "\n"),
          b -> b.namespace("galaxy"),
          b -> b.add("linux.namespaces", Map.of("type", "pid")),
          b -> b.namespace("network", Path.of("/no/such/namespace")),
          b -> b.namespace("network", Path.of("/etc/passwd")),
          b -> b.namespace("user"),
          b -> b.bind(Path.of("/no/such/source"), "/m"),
          b -> b.bind(Path.of("/etc/passwd"), "/etc"),
          b -> b.mount("/m", "nosuchfs", "none"),
          b -> b.mount("/m", "tmpfs", "tmpfs", "nosuchoption=1"),
          b -> b.mount("/etc/passwd/below", "tmpfs", "tmpfs"),
          b -> b.mount("/" + "d".repeat(300), "tmpfs", "tmpfs"),
          b -> b.mount("/" + "d/".repeat(3000), "tmpfs", "tmpfs"),
          b -> b.set("linux.sysctl", Map.of("net.no.such", "1")),
          b -> b.set("linux.sysctl", Map.of("kernel.panic", "1")),
          b -> b.set("linux.rootfsPropagation", "sideways"),
          b -> b.set("linux.seccomp", Map.of("defaultAction", "SCMP_ACT_X")),
          b ->
              b.set(
                  "linux.seccomp",
                  Map.of("defaultAction", "SCMP_ACT_ALLOW", "architectures", List.of("SCMP_ARCH"))),
          b ->
              b.add("linux.devices", Map.of("path", "/dev/x", "type", "q", "major", 1, "minor", 3)),
          b -> b.add("linux.resources.devices", Map.of("allow", true, "type", "q", "access", "r")),
          b -> b.set("linux.cgroupsPath", "../.."),
          b -> b.set("linux.timeOffsets", Map.of("monotonic", Map.of("secs", 1))),
          b -> b.add("hooks.prestart", Map.of("path", "bin/true")),
          b -> b.add("hooks.createRuntime", Map.of("path", "/bin/false")),
          b -> b.add("hooks.createContainer", Map.of("path", "/no/such/hook")));

  private static final List<Object> OTHER_TYPES =
      List.of("text", 7L, true, List.of(), List.of("x"), Map.of(), Map.of("a", 1));

  private final Random random;

  BrokenConfigs(long seed) {
    random = new Random(seed);
  }

  /** Writes the next one to a bundle that is as it was made. */
  void breakNext(Bundle bundle) {
    for (int more = random.nextInt(4); more > 0; more--) {
      decorate(bundle);
    }
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        pick(WRONG_VALUES).accept(bundle);
        bundle.write();
      }
      case 2 -> {
        String text = bundle.config().write();
        bundle.write(text.substring(0, random.nextInt(text.length() - 1)));
      }
      default -> {
        changeType(bundle);
        bundle.write();
      }
    }
  }

  /** What does no harm, and makes no two configs alike. */
  private void decorate(Bundle bundle) {
    int number = random.nextInt(1000);
    switch (random.nextInt(6)) {
      case 0 -> bundle.set("hostname", "host" + number);
      case 1 -> bundle.set("annotations/org.example." + number, "x".repeat(number));
      case 2 -> bundle.add("process.env", "VARIABLE" + number + "=" + number);
      case 3 -> bundle.mount("/tmp/" + number, "tmpfs", "tmpfs", "size=64k");
      case 4 -> bundle.set("extension" + number, Map.of("depth", List.of(List.of(number))));
      default -> bundle.set("linux.resources.pids", Map.of("limit", 10 + number));
    }
  }

  /** Gives a member that the specification knows a value of a type that it cannot have. */
  private void changeType(Bundle bundle) {
    List<String> paths = new ArrayList<>();
    for (String part : List.of("process", "root", "hostname", "mounts", "linux")) {
      collect(part, bundle.config().at(part), paths);
    }
    String path = pick(paths);
    Object old = bundle.config().at(path);
    Object other = pick(OTHER_TYPES);
    while (kind(other).equals(kind(old))) {
      other = pick(OTHER_TYPES);
    }
    bundle.set(path, other);
  }

  private static void collect(String path, Object value, List<String> paths) {
    paths.add(path);
    switch (value) {
      case Map<?, ?> object ->
          object.forEach((name, member) -> collect(path + "." + name, member, paths));
      case List<?> array -> {
        for (int i = 0; i < array.size(); i++) {
          collect(path + "." + i, array.get(i), paths);
        }
      }
      case null, default -> {}
    }
  }

  private static String kind(Object value) {
    return switch (value) {
      case Map<?, ?> _ -> "object";
      case List<?> _ -> "array";
      case Number _ -> "number";
      case null, default -> value == null ? "null" : value.getClass().getSimpleName();
    };
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}

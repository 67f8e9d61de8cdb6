package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Configs that no container can be made of: each is refused by name, and leaves nothing. */
class BadConfigIT extends OciSuite {

  /**
   * @param words what the error has to name, in any case
   */
  private record Bad(String name, Consumer<Bundle> edit, List<String> words) {
    Bad(String name, Consumer<Bundle> edit, String... words) {
      this(name, edit, List.of(words));
    }
  }

  private static final List<Bad> CONFIGS =
      List.of(
          new Bad("no process", b -> b.remove("process"), "process"),
          new Bad("no args", b -> b.remove("process.args"), "args"),
          new Bad("empty args", b -> b.set("process.args", List.of()), "args"),
          new Bad("no cwd", b -> b.remove("process.cwd"), "cwd"),
          new Bad("a relative cwd", b -> b.set("process.cwd", "tmp"), "cwd"),
          new Bad("no root", b -> b.remove("root"), "root"),
          new Bad("a root that is not there", b -> b.set("root.path", "nowhere"), "nowhere"),
          new Bad("a root that is a file", b -> b.file("../file", "").set("root.path", "file")),
          new Bad("args of another type", b -> b.set("process.args", "true"), "args"),
          new Bad("a uid of another type", b -> b.set("process.user.uid", "root"), "uid"),
          new Bad("a negative uid", b -> b.set("process.user.uid", -1), "uid"),
          new Bad("mounts of another type", b -> b.set("mounts", Map.of()), "mounts"),
          new Bad("hostname of another type", b -> b.set("hostname", 5), "hostname"),
          new Bad("terminal of another type", b -> b.set("process.terminal", "yes"), "terminal"),
          new Bad("a namespace that nobody knows", b -> b.namespace("galaxy"), "namespace"),
          new Bad(
              "a namespace twice", b -> b.add("linux.namespaces", Map.of("type", "pid")), "pid"),
          new Bad(
              "a namespace path that is not there",
              b -> b.namespace("network", java.nio.file.Path.of("/no/such/ns")),
              "/no/such/ns"),
          new Bad(
              "a namespace path that is none",
              b -> b.namespace("network", java.nio.file.Path.of("/etc/passwd"))),
          new Bad(
              "a mount source that is not there",
              b -> b.bind(java.nio.file.Path.of("/no/such/source"), "/m"),
              "/no/such/source"),
          new Bad("a file system that nobody knows", b -> b.mount("/m", "nosuchfs", "none"), "/m"),
          new Bad(
              "data that the file system refuses",
              b -> b.mount("/m", "tmpfs", "tmpfs", "nosuchoption=1"),
              "/m"),
          new Bad(
              "a file bound over a directory",
              b -> b.bind(java.nio.file.Path.of("/etc/passwd"), "/etc"),
              "/etc"),
          new Bad(
              "an rlimit that nobody knows",
              b ->
                  b.set(
                      "process.rlimits", List.of(Map.of("type", "RLIMIT_X", "soft", 1, "hard", 1))),
              "rlimit"),
          new Bad(
              "a device of no type",
              b ->
                  b.add(
                      "linux.devices",
                      Map.of("path", "/dev/x", "type", "q", "major", 1, "minor", 3)),
              "device"),
          new Bad(
              "a device rule of no type",
              b ->
                  b.add(
                      "linux.resources.devices", Map.of("allow", true, "type", "q", "access", "r")),
              "device"),
          new Bad(
              "a propagation that nobody knows",
              b -> b.set("linux.rootfsPropagation", "sideways"),
              "rootfspropagation"),
          new Bad(
              "a seccomp action that nobody knows",
              b -> b.set("linux.seccomp", Map.of("defaultAction", "SCMP_ACT_X")),
              "scmp_act_x"),
          new Bad(
              "a hook with a relative path",
              b -> b.add("hooks.prestart", Map.of("path", "bin/true")),
              "bin/true"),
          new Bad(
              "a hook with no time at all",
              b -> b.add("hooks.prestart", Map.of("path", "/bin/true", "timeout", 0)),
              "timeout"),
          new Bad(
              "a namespace path of another type",
              b -> b.namespace("network", java.nio.file.Path.of("/proc/self/ns/uts"))),
          new Bad(
              "masked paths without a mount namespace",
              b -> b.withoutNamespace("mount"),
              "namespace"),
          new Bad(
              "uid mappings that overlap",
              b ->
                  b.namespace("user")
                      .set(
                          "linux.uidMappings",
                          List.of(Map.of("containerID", 0, "hostID", 0, "size", 0)))
                      .set(
                          "linux.gidMappings",
                          List.of(Map.of("containerID", 0, "hostID", 0, "size", 0)))),
          new Bad(
              "an oomScoreAdj of another type",
              b -> b.set("process.oomScoreAdj", "high"),
              "oomscoreadj"));

  @TestFactory
  Stream<DynamicNode> refused() {
    return CONFIGS.stream().map(bad -> group(bad.name(), () -> refused(bad)));
  }

  private Stream<DynamicNode> refused(Bad bad) {
    Container container = container(bad.edit());
    Result result = container.create();
    return Stream.of(
        check(
            "create is refused, and says " + bad.words(),
            () -> result.fails(bad.words().toArray(String[]::new))),
        check(
            "nothing is left",
            () -> {
              try (container) {
                assertThat(container.verb("state").exitCode()).isNotZero();
                container.leftovers().assertNone();
              }
            }));
  }

  @TestFactory
  Stream<DynamicNode> letThrough() {
    Map<String, Object> rule =
        Map.of("allow", true, "type", "c", "major", 1, "minor", 3, "access", "xyz");
    return Stream.of(
        check(
            "a device rule of no access that there is",
            Deviation.DEVICE_ACCESS,
            () -> run(b -> b.add("linux.resources.devices", rule)).fails("access")),
        check(
            "an errno for an action that has none",
            Deviation.UNUSED_VALUES,
            () ->
                run(b ->
                        b.set("linux.seccomp.defaultAction", "SCMP_ACT_ALLOW")
                            .set("linux.seccomp.defaultErrnoRet", 5))
                    .fails("errnoret")),
        check(
            "words for an agent that is not named",
            Deviation.UNUSED_VALUES,
            () ->
                run(b ->
                        b.set("linux.seccomp.defaultAction", "SCMP_ACT_ALLOW")
                            .set("linux.seccomp.listenerMetadata", "words"))
                    .fails("listenermetadata")),
        check(
            "an annotation without a key",
            Deviation.UNUSED_VALUES,
            () -> run(b -> b.set("annotations", Map.of("", "x"))).fails("annotations")));
  }

  @TestFactory
  Stream<DynamicNode> texts() {
    Map<String, String> texts =
        Map.of(
            "empty", "",
            "no JSON", "hello",
            "cut off", "{\"ociVersion\": \"1.0.2\", \"process\": {",
            "an array", "[]",
            "a string", "\"config\"",
            "deep", "[".repeat(20_000));
    List<DynamicNode> nodes = new ArrayList<>();
    texts.forEach(
        (name, text) ->
            nodes.add(
                check(
                    "config.json that is " + name,
                    () -> {
                      Bundle bundle = workspace().bundle().write(text);
                      runtime()
                          .run(
                              "create",
                              "--bundle",
                              bundle.directory().toString(),
                              workspace().prefix() + "-text")
                          .fails();
                      new Leftovers(runtime().root(), workspace().prefix() + "-text").assertNone();
                    })));
    nodes.add(
        check(
            "no config.json",
            () ->
                runtime()
                    .run(
                        "create",
                        "--bundle",
                        workspace().bundle().directory().toString(),
                        workspace().prefix() + "-none")
                    .fails("config.json")));
    nodes.add(
        check(
            "no bundle",
            () ->
                runtime()
                    .run("create", "--bundle", "/no/such/bundle", workspace().prefix() + "-none")
                    .fails("/no/such/bundle")));
    return nodes.stream();
  }

  @TestFactory
  Stream<DynamicNode> versions() {
    return Stream.concat(
        Stream.of("1.0.0", "1.0.1", "1.0.2", "1.0.2-dev", "1.1.0", "1.2.0", "1.3.0")
            .map(
                version ->
                    check(
                        "ociVersion " + version,
                        () -> run(b -> b.set("ociVersion", version).args("true")).ok())),
        Stream.of("", "one", "2.0.0", "0.1.0")
            .map(
                version ->
                    check(
                        "ociVersion \"" + version + "\" is refused",
                        Deviation.VERSION,
                        () -> run(b -> b.set("ociVersion", version).args("true")).fails())));
  }

  /** What the spec wants ignored: fields of extensions, and those of other platforms. */
  @TestFactory
  Stream<DynamicNode> ignored() {
    return Stream.of(
        inside(
            "an unknown field",
            b -> b.set("future", Map.of("a", 1)).set("process.later", true),
            "echo fine",
            "fine"),
        inside(
            "fields of other platforms",
            b ->
                b.set("windows", Map.of("layerFolders", List.of("a")))
                    .set("solaris", Map.of("milestone", "x")),
            "echo fine",
            "fine"),
        inside("an unknown annotation", b -> b.set("annotations.a", "b"), "echo fine", "fine"),
        inside(
            "empty objects",
            b ->
                b.set("hooks", Map.of()).set("annotations", Map.of()).set("linux.sysctl", Map.of()),
            "echo fine",
            "fine"));
  }
}

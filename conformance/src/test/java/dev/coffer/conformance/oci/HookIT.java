package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Hooks of all kinds: when they run, where, with what, and what their failure does. */
class HookIT extends OciSuite {

  private static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
  private static final List<String> BEFORE_START =
      List.of("prestart", "createRuntime", "createContainer");
  private static final List<String> ALL =
      List.of(
          "prestart",
          "createRuntime",
          "createContainer",
          "startContainer",
          "poststart",
          "poststop");

  private static Map<String, Object> hook(String script, String... arguments) {
    Map<String, Object> hook = new LinkedHashMap<>();
    hook.put("path", "/bin/sh");
    List<String> args = new ArrayList<>(List.of("sh", "-c", script, "hook"));
    args.addAll(List.of(arguments));
    hook.put("args", args);
    hook.put("env", List.of("PATH=/bin:/usr/bin", "MARK=of the hook"));
    return hook;
  }

  /** Writes who it is and where into a file, and what it reads beside that. */
  private static String recording(String kind, String file) {
    return ("{ echo KIND; readlink /proc/self/ns/mnt; readlink /proc/self/ns/net; echo \"$MARK\";"
            + " echo \"$HOME$USER\"; echo \"$1\"; pwd; } > FILE.KIND; cat > FILE.KIND.state;"
            + " echo KIND >> FILE.order")
        .replace("KIND", kind)
        .replace("FILE", file);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String link(Path path) {
    try {
      return Files.readSymbolicLink(path).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A life with a hook of each kind, and what each of them saw. */
  @TestFactory
  Stream<DynamicNode> life() {
    return Stream.of(group("a life", this::lived));
  }

  private Stream<DynamicNode> lived() {
    Path host = workspace().directory().resolve("hooks");
    Container container =
        container(
            b -> {
              for (String kind : ALL) {
                String file = kind.equals("startContainer") ? "/tmp/hooks" : host.toString();
                b.add("hooks/" + kind, hook(recording(kind, file), "an argument"));
              }
              b.set("annotations/org.example.note", "noted").stays();
            });
    Path inside = container.bundle().rootfs().resolve("tmp/hooks");
    container.create().ok();
    List<String> afterCreate = lines(Path.of(host + ".order"));
    boolean startedEarly = Files.exists(Path.of(inside + ".order"));
    long pid = container.pid();
    String mount = link(container.proc().resolve("ns/mnt"));
    String net = link(container.proc().resolve("ns/net"));
    container.start().ok();
    boolean startRan = Files.exists(Path.of(inside + ".order"));
    List<String> afterStart = lines(Path.of(host + ".order"));
    container.kill("KILL").ok();
    container.awaitStatus("stopped");
    List<String> afterStop = lines(Path.of(host + ".order"));
    container.verb("delete").ok();
    List<String> afterDelete = lines(Path.of(host + ".order"));

    List<DynamicNode> nodes = new ArrayList<>();
    nodes.add(
        check(
            "create runs three kinds in order",
            Deviation.POSTSTART_AT_CREATE,
            () -> assertThat(afterCreate).isEqualTo(BEFORE_START)));
    nodes.add(check("startContainer waits for start", () -> assertThat(startedEarly).isFalse()));
    nodes.add(check("start runs it", () -> assertThat(startRan).isTrue()));
    nodes.add(
        check(
            "start runs poststart", () -> assertThat(afterStart).endsWith("poststart").hasSize(4)));
    nodes.add(
        check(
            "the end of the process runs nothing",
            () -> assertThat(afterStop).isEqualTo(afterStart)));
    nodes.add(
        check(
            "delete runs poststop", () -> assertThat(afterDelete).endsWith("poststop").hasSize(5)));
    for (String kind : ALL) {
      Path file = Path.of((kind.equals("startContainer") ? inside : host) + "." + kind);
      nodes.add(
          group(
              kind,
              () -> saw(kind, lines(file), Path.of(file + ".state"), container, pid, mount, net)));
    }
    return nodes.stream();
  }

  private Stream<DynamicNode> saw(
      String kind,
      List<String> facts,
      Path stateFile,
      Container container,
      long pid,
      String mount,
      String net) {
    boolean isInside = kind.endsWith("Container");
    String hostMount = link(Path.of("/proc/self/ns/mnt"));
    String hostNet = link(Path.of("/proc/self/ns/net"));
    Tree state = Tree.parse(Leftovers.read(stateFile));
    String status =
        switch (kind) {
          case "startContainer" -> "created";
          case "poststart" -> "running";
          case "poststop" -> "stopped";
          default -> "creating";
        };
    List<DynamicNode> nodes =
        new ArrayList<>(
            List.of(
                check(
                    "mount namespace",
                    () -> assertThat(facts.get(1)).isEqualTo(isInside ? mount : hostMount)),
                check(
                    "network namespace",
                    () -> assertThat(facts.get(2)).isEqualTo(isInside ? net : hostNet)),
                check("environment", () -> assertThat(facts.get(3)).isEqualTo("of the hook")),
                check(
                    "nothing of the caller's environment",
                    () -> assertThat(facts.get(4)).isEmpty()),
                check("arguments", () -> assertThat(facts.get(5)).isEqualTo("an argument")),
                check("state.id", () -> assertThat(state.text("id")).isEqualTo(container.id())),
                check(
                    "state.bundle",
                    () ->
                        assertThat(state.text("bundle"))
                            .isEqualTo(container.bundle().directory().toString())),
                check(
                    "state.ociVersion",
                    () -> assertThat(state.text("ociVersion")).matches("\\d+\\.\\d+\\.\\d+.*")),
                check(
                    "state.annotations",
                    () ->
                        assertThat(state.text("annotations/org.example.note"))
                            .isEqualTo("noted"))));
    // The spec: as the runtime sees it, or as the container does when the hook runs there.
    if (!kind.equals("poststop")) {
      nodes.add(
          check("state.pid", () -> assertThat(state.number("pid")).isEqualTo(isInside ? 1 : pid)));
    }
    Executable ofStatus = () -> assertThat(state.text("status")).isEqualTo(status);
    nodes.add(
        kind.equals("poststart")
            ? check("state.status", Deviation.POSTSTART_AT_CREATE, ofStatus)
            : check("state.status", ofStatus));
    return nodes.stream();
  }

  /** What a hook can do before the program is there: the reason why engines use them. */
  @TestFactory
  Stream<DynamicNode> whatHooksCanDo() {
    Path file = workspace().directory().resolve("seen");
    return Stream.of(
        check(
            "createRuntime reaches the container's namespaces by the pid",
            () -> {
              String script =
                  "pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/' | head -n 1); readlink /proc/$pid/ns/net > "
                      + file;
              Container container =
                  container(b -> b.add("hooks.createRuntime", hook(script)).stays());
              try (container) {
                container.create().ok();
                assertThat(lines(file).getFirst())
                    .isEqualTo(link(container.proc().resolve("ns/net")));
              }
            }),
        check(
            "startContainer is in the container's root",
            () ->
                assertThat(
                        run(b ->
                                b.file("mark", "in")
                                    .add("hooks.startContainer", hook("cp /mark /tmp/copy"))
                                    .args("cat", "/tmp/copy"))
                            .ok()
                            .line())
                    .isEqualTo("in")),
        check(
            "hooks of a kind run in their order",
            () -> {
              Path order = workspace().directory().resolve("order");
              run(b -> {
                    for (int i = 1; i < 6; i++) {
                      b.add("hooks.prestart", hook("echo " + i + " >> " + order));
                    }
                  })
                  .ok();
              assertThat(lines(order)).containsExactly("1", "2", "3", "4", "5");
            }),
        check(
            "a hook that reads nothing of its state",
            () ->
                run(b ->
                        b.add("hooks.prestart", hook("exit 0"))
                            .set("annotations.long", "x".repeat(200_000)))
                    .ok()));
  }

  @TestFactory
  Stream<DynamicNode> failures() {
    return BEFORE_START.stream().map(kind -> group(kind + " fails", () -> failedBeforeStart(kind)));
  }

  private Stream<DynamicNode> failedBeforeStart(String kind) {
    Path log = workspace().directory().resolve("failed-" + kind);
    Container container =
        container(
            b ->
                b.add("hooks/" + kind, hook("echo out of spite >&2; exit 7"))
                    .add("hooks/" + kind, hook("echo next >> " + log))
                    .add("hooks.poststop", hook("echo last >> " + log + ".last"))
                    .shell("echo ran"));
    Result result = container.create();
    return Stream.of(
        check("create fails and says that it was a hook", () -> result.fails("run", "hook")),
        check(
            "and how it has ended",
            () -> assertThat(result.err() + result.log()).containsPattern("(status|code) 7\\b")),
        check("with the hook's own words", () -> result.fails("out of spite")),
        check("the next hook does not run", () -> assertThat(log).doesNotExist()),
        check("poststop hooks do", () -> assertThat(Path.of(log + ".last")).hasContent("last")),
        check("there is no container", () -> container.verb("state").fails()),
        check("nothing is left", () -> container.leftovers().assertNone()));
  }

  @TestFactory
  Stream<DynamicNode> laterFailures() {
    String much = "head -c 300000 /dev/zero | tr '\\0' x; echo; echo at last >&2; exit 7";
    return Stream.of(
        check(
            "the end of what a hook says is told",
            () -> run(b -> b.add("hooks.createContainer", hook(much))).fails("at last")),
        group(
            "startContainer fails",
            () -> {
              Path last = workspace().directory().resolve("after-start-container");
              Container container =
                  container(
                      b ->
                          b.add("hooks.startContainer", hook("exit 7"))
                              .add("hooks.poststop", hook("echo last > " + last))
                              .shell("echo ran > /tmp/ran"));
              container.create().ok();
              Result result = container.start();
              return Stream.of(
                  check("start fails", Deviation.START_HOOK_FAILURE, () -> result.fails()),
                  check(
                      "the container is destroyed",
                      Deviation.START_HOOK_FAILURE,
                      () -> container.verb("state").fails("does not exist")),
                  check(
                      "poststop hooks run",
                      Deviation.START_HOOK_FAILURE,
                      () -> assertThat(last).hasContent("last")),
                  check(
                      "the program does not run",
                      () ->
                          assertThat(container.bundle().rootfs().resolve("tmp/ran"))
                              .doesNotExist()),
                  check("it can be deleted", container::close));
            }),
        group(
            "poststart fails",
            () -> {
              Path last = workspace().directory().resolve("after-poststart");
              Container container =
                  container(
                      b ->
                          b.add("hooks.poststart", hook("exit 7"))
                              .add("hooks.poststop", hook("echo last > " + last))
                              .stays());
              // The older runc runs them as soon as this.
              Result created = container.create();
              Result result = created.exitCode() == 0 ? container.start() : created;
              return Stream.of(
                  check("its caller is told", () -> result.fails("hook")),
                  check(
                      "the container is destroyed",
                      () -> container.verb("state").fails("does not exist")),
                  check("poststop hooks run", () -> assertThat(last).hasContent("last")),
                  check("nothing is left", () -> container.leftovers().assertNone()));
            }),
        group(
            "poststop fails",
            () -> {
              Path next = workspace().directory().resolve("after-poststop");
              Container container =
                  container(
                      b ->
                          b.add("hooks.poststop", hook("exit 7"))
                              .add("hooks.poststop", hook("echo next > " + next)));
              container.create().ok();
              container.start().ok();
              container.awaitStatus("stopped");
              Result result = container.verb("delete");
              return Stream.of(
                  check("delete succeeds", result::ok),
                  check(
                      "the next hook runs",
                      Deviation.POSTSTOP_STOPS,
                      () -> assertThat(next).hasContent("next")),
                  check("nothing is left", () -> container.leftovers().assertNone()));
            }));
  }

  @TestFactory
  Stream<DynamicNode> timeouts() {
    return Stream.of(
        group(
            "a hook that takes too long",
            () -> {
              Map<String, Object> slow = hook("exec sleep 20");
              slow.put("timeout", 1);
              Container container = container(b -> b.add("hooks.createRuntime", slow));
              Instant start = Instant.now();
              Result result = container.create();
              Duration took = Duration.between(start, Instant.now());
              return Stream.of(
                  check("create fails", () -> result.fails("hook")),
                  check(
                      "not before its time",
                      () -> assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(1))),
                  check(
                      "and not long after",
                      () -> assertThat(took).isLessThan(Duration.ofSeconds(10))),
                  check("nothing is left", () -> container.leftovers().assertNone()));
            }),
        check(
            "a hook within its time",
            () -> {
              Map<String, Object> quick = hook("exit 0");
              quick.put("timeout", 5);
              run(b -> b.add("hooks.createRuntime", quick)).ok();
            }),
        check(
            "what a hook mounts where the root is on the host",
            () -> {
              Bundle bundle = workspace().bundle().capabilities("CAP_SYS_ADMIN");
              String root = bundle.directory().resolve("rootfs").toString();
              String mount = "mount -t tmpfs -o size=64k from-hook " + root + "/tmp";
              // As a hook does that brings drivers of the host: by the pid that it is told.
              String entering =
                  "pid=$(grep -oE '\"pid\": *[0-9]+' | grep -oE '[0-9]+');"
                      + " exec nsenter --target $pid --mount "
                      + mount.replace("/rootfs/tmp", "/rootfs/root");
              bundle.add("hooks.createContainer", shell(mount));
              bundle.add("hooks.createRuntime", shell(entering));
              bundle.args("cat", "/proc/self/mountinfo").write();
              Container container = workspace().container(bundle);
              assertThat(
                      container
                          .run()
                          .ok()
                          .out()
                          .lines()
                          .filter(line -> line.contains(" from-hook "))
                          .map(line -> line.split(" ")[4]))
                  .containsExactlyInAnyOrder("/tmp", "/root");
              container.leftovers().assertNone();
            }),
        check(
            "createContainer hooks work in the container's root",
            () -> {
              Bundle bundle = workspace().bundle().args("cat", "/from-hook");
              bundle.add("hooks.createContainer", shell("pwd > from-hook"));
              String root = bundle.directory().resolve("rootfs").toString();
              assertThat(workspace().container(bundle).run().ok().out().strip()).isEqualTo(root);
            }),
        check(
            "without an environment of its own a hook has the runtime's",
            () -> {
              Path file = workspace().directory().resolve("environment");
              List<String> args = List.of("sh", "-c", "echo \"$MARK\" > " + file);
              Bundle bundle = workspace().bundle().args("true");
              bundle.add("hooks.createRuntime", Map.of("path", "/bin/sh", "args", args));
              bundle.add(
                  "hooks.startContainer",
                  Map.of("path", "/bin/sh", "args", List.of("sh", "-c", "test -z \"$MARK\"")));
              bundle.write();
              Container container = workspace().container(bundle);
              runtime()
                  .start(
                      "",
                      List.of("env", "MARK=of the caller"),
                      List.of("run", "--bundle", bundle.directory().toString(), container.id()))
                  .finish()
                  .ok();
              assertThat(file).hasContent("of the caller\n");
            }),
        check(
            "a path that is not there",
            () ->
                run(b -> b.add("hooks.prestart", Map.of("path", "/no/such/hook")))
                    .fails("/no/such/hook")),
        check(
            "no arguments",
            () -> run(b -> b.add("hooks.prestart", Map.of("path", "/bin/true"))).ok()));
  }

  private static Map<String, Object> shell(String script) {
    return Map.of(
        "path", "/bin/sh", "args", List.of("sh", "-c", script), "env", List.of("PATH=" + PATH));
  }
}

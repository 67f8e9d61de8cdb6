package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Terminals: the other end arrives at the console socket, or in the foreground at the caller's. */
class ConsoleIT extends OciSuite {

  private Path probe;
  private int count;

  @Override
  void prepare(Workspace workspace) {
    probe = Probe.install(workspace);
  }

  private Console console() {
    return new Console(probe, workspace().directory().resolve("c" + ++count));
  }

  private static final String SCRIPT =
      "read line; echo line=$line; echo size=$(stty size); echo tty=$(tty);"
          + " echo console=$(stat -c %t:%T /dev/console); echo owner=$(stat -c %u /dev/pts/0);"
          + " for i in 0 1 2; do test -t $i && echo t$i=yes; done;"
          + " echo session=$(awk '{print $6}' /proc/$$/stat);"
          + " echo controlling=$(awk '{print $7}' /proc/$$/stat);"
          + " echo foreground=$(awk '{print ($8 == $5)}' /proc/$$/stat);"
          + " echo masters=$(ls -l /proc/$$/fd | grep -c ptmx)";

  private static DynamicNode shows(String said, String name, String expected) {
    return check(
        name + "=" + expected,
        () ->
            assertThat(new Result(List.of(), 0, said, "", "").value(name))
                .as(said)
                .isEqualTo(expected));
  }

  /** Both ways to start with a terminal, and an exec; each tells what it has. */
  @TestFactory
  Stream<DynamicNode> consoleSocket() {
    return Stream.of(
        group(
            "create --console-socket",
            () -> {
              Console console = console();
              Container container =
                  container(
                      b ->
                          b.set("process.terminal", true)
                              .set("process.consoleSize", Map.of("height", 33, "width", 111))
                              .shell(SCRIPT));
              container.create("--console-socket", console.socket().toString()).ok();
              container.start().ok();
              String said = console.finish();
              return Stream.concat(
                  told(said, "33 111", "1"), Stream.of(check("the end", container::close)));
            }),
        detached(
            "run --detach --console-socket",
            b -> b.set("process.user.uid", 1000),
            Map.of("line", "typed", "owner", "1000", "t0", "yes", "console", "88:0")),
        detached(
            "a root with a /dev of its own, and read-only",
            b -> b.withoutMount("/dev").set("root.readonly", true),
            Map.of("tty", "/dev/pts/0", "console", "88:0")),
        detached(
            "the /dev of another is bound",
            b ->
                b.withoutMount("/dev")
                    .withoutMount("/dev/pts")
                    .withoutMount("/dev/shm")
                    .withoutMount("/dev/mqueue")
                    .directory("devices")
                    .file("devices/console", "")
                    .link("devices/ptmx", "pts/ptmx")
                    .bind(b.rootfs().resolve("devices"), "/dev")
                    .bind(Path.of("/dev/null"), "/dev/null")
                    .mount("/dev/pts", "devpts", "devpts", "newinstance", "ptmxmode=0666"),
            Map.of("console", "88:0")),
        group(
            "exec --tty --console-socket",
            () -> started(b -> {}),
            container -> {
              Console console = console();
              container
                  .execWith(
                      List.of("--tty", "--detach", "--console-socket", console.socket().toString()),
                      "/bin/sh",
                      "-c",
                      SCRIPT)
                  .ok();
              String said = console.finish();
              return Stream.of(
                  shows(said, "line", "typed"),
                  shows(said, "tty", "/dev/pts/0"),
                  shows(said, "t0", "yes"),
                  shows(said, "t1", "yes"),
                  shows(said, "t2", "yes"),
                  shows(said, "foreground", "1"),
                  shows(said, "masters", "0"));
            }));
  }

  /** A container with a terminal that runs in the background, and what it says of it. */
  private DynamicNode detached(String name, Consumer<Bundle> edit, Map<String, String> expected) {
    return group(
        name,
        () -> {
          Console console = console();
          Container container =
              container(edit.andThen(b -> b.set("process.terminal", true).shell(SCRIPT)));
          container.run("--detach", "--console-socket", console.socket().toString()).ok();
          String said = console.finish();
          return Stream.concat(
              expected.entrySet().stream().map(each -> shows(said, each.getKey(), each.getValue())),
              Stream.of(check("the end", container::close)));
        });
  }

  private static Stream<DynamicNode> told(String said, String size, String session) {
    List<DynamicNode> nodes = new ArrayList<>();
    nodes.add(
        check(
            "the descriptor is a terminal of that size",
            () -> assertThat(said).contains("size " + size + "\n")));
    nodes.add(
        check(
            "the message names it",
            () -> assertThat(said).containsPattern("name .*(ptmx|pts|console)")));
    nodes.add(shows(said, "line", "typed"));
    nodes.add(shows(said, "size", size));
    nodes.add(shows(said, "tty", "/dev/pts/0"));
    nodes.add(shows(said, "console", "88:0"));
    nodes.add(shows(said, "t0", "yes"));
    nodes.add(shows(said, "t1", "yes"));
    nodes.add(shows(said, "t2", "yes"));
    nodes.add(shows(said, "session", session));
    nodes.add(
        check(
            "it is the controlling terminal",
            () ->
                assertThat(new Result(List.of(), 0, said, "", "").value("controlling"))
                    .isNotEqualTo("0")));
    nodes.add(shows(said, "foreground", "1"));
    nodes.add(shows(said, "masters", "0"));
    return nodes.stream();
  }

  /** In the foreground the caller's terminal is relayed: util-linux's script gives one. */
  @TestFactory
  Stream<DynamicNode> foreground() {
    return Stream.of(
        check(
            "run with a terminal",
            () -> {
              Bundle bundle =
                  workspace()
                      .bundle()
                      .set("process.terminal", true)
                      .shell("tty; test -t 1; sleep 0.5; exit 7")
                      .write();
              Container container = workspace().container(bundle);
              Result result =
                  onTerminal("run --bundle " + bundle.directory() + " " + container.id());
              assertThat(result.exits(7).out().replace("\r", "")).contains("/dev/pts/0\n");
              container.leftovers().assertNone();
            }),
        check(
            "exec --tty",
            () -> {
              try (Container container = started(b -> {})) {
                Result result =
                    onTerminal(
                        "exec --tty " + container.id() + " /bin/sh -c 'tty; sleep 0.5; exit 9'");
                assertThat(result.exits(9).out().replace("\r", "")).contains("/dev/pts/0\n");
              }
            }),
        check(
            "create of a terminal without a socket",
            () -> {
              Container container = container(b -> b.set("process.terminal", true));
              container.create().fails("console");
              container.leftovers().assertNone();
            }),
        check(
            "a socket without a terminal",
            () -> {
              Container container = container(b -> {});
              container
                  .create("--console-socket", workspace().directory().resolve("none").toString())
                  .fails("console");
              container.leftovers().assertNone();
            }),
        check(
            "a socket that is not there",
            () -> {
              Container container = container(b -> b.set("process.terminal", true));
              container
                  .create("--console-socket", workspace().directory().resolve("none").toString())
                  .fails();
              container.leftovers().assertNone();
            }));
  }

  private Result onTerminal(String words) throws IOException, InterruptedException {
    Path said = Files.createTempFile(workspace().directory(), "typescript", "");
    String command = runtime().binary() + " --root " + runtime().root() + " " + words;
    Process process =
        new ProcessBuilder("script", "-qefc", command, "/dev/null")
            .redirectOutput(said.toFile())
            .redirectErrorStream(true)
            .start();
    if (!process.waitFor(15, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Result(List.of(command), process.waitFor(), Files.readString(said), "", "");
  }
}

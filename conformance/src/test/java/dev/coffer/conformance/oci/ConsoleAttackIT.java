package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Attacks on a runtime by way of the container's terminal. */
class ConsoleAttackIT extends AttackSuite {

  /**
   * A link has the name that the console is bound on, and leads to the host or to another file of
   * the container's; runc 1.1.5 binds the console there.
   */
  @TestFactory
  Stream<DynamicTest> cve_2025_52565_theConsoleIsNotBoundOnALink() {
    return Stream.of(
        check(
            "a console that is a link in a /dev of the image's",
            Deviation.LINK_AS_CONSOLE,
            () -> consolesAreBound("dev", bundle -> bundle.withoutMount("/dev"))),
        check(
            "a console that is a link in a /dev that is bound",
            Deviation.LINK_AS_CONSOLE,
            () ->
                consolesAreBound(
                    "devices",
                    bundle ->
                        withoutDevices(bundle)
                            .link("devices/ptmx", "pts/ptmx")
                            .bind(bundle.rootfs().resolve("devices"), "/dev")
                            .bind(Path.of("/dev/null"), "/dev/null")
                            .mount("/dev/pts", "devpts", "devpts", "newinstance"))),
        check(
            "a directory of terminals that is a link",
            () -> terminalsAreNotLed("dev/pts", bundle -> {}, "open")),
        check(
            "a multiplexer of terminals that is a link",
            () ->
                terminalsAreNotLed(
                    "dev/ptmx",
                    bundle -> bundle.mount("/dev/pts", "devpts", "devpts", "newinstance"),
                    "ptmx")));
  }

  private void consolesAreBound(String devices, Consumer<Bundle> edit) {
    for (String target : List.of(canary() + "/witness", up() + "/witness", "/victim")) {
      Bundle bundle = workspace().bundle().directory(devices).link(devices + "/console", target);
      edit.accept(bundle);
      isTheTerminalOrRefused(bundle, "console");
    }
  }

  private void terminalsAreNotLed(String name, Consumer<Bundle> edit, String named) {
    for (String target : List.of(canary() + "/witness", up() + "/witness", "/victim")) {
      Bundle bundle = withoutDevices(workspace().bundle()).link(name, target);
      edit.accept(bundle);
      isTheTerminalOrRefused(bundle, named);
    }
  }

  private static Bundle withoutDevices(Bundle bundle) {
    return bundle
        .withoutMount("/dev/mqueue")
        .withoutMount("/dev/shm")
        .withoutMount("/dev/pts")
        .withoutMount("/dev");
  }

  /** The console is the terminal and the victim is not, or the error names what would be led. */
  private void isTheTerminalOrRefused(Bundle bundle, String named) {
    bundle
        .file("victim", "")
        .set("process.terminal", true)
        .shell("read line; stat -c '%n is %t:%T' /dev/console /victim");
    try (Console console = console();
        Container container = workspace().container(bundle)) {
      Result result = container.run("--detach", "--console-socket", console.socket().toString());
      if (result.exitCode() == 0) {
        String said = console.finish();
        assertThat(said).contains("/dev/console is 88:0\n", "/victim is 0:0\n");
      } else {
        result.fails(named);
      }
    }
    assertThat(Leftovers.read(Path.of("/proc/self/mountinfo"))).doesNotContain("canary", "victim");
  }
}

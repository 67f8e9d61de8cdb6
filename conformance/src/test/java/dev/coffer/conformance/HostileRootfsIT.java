package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Root file systems whose maker wants out of the container. Whatever they lead to on the host is a
 * directory of this test's, which must be untouched after each of them; closing asserts that
 * nothing stays mounted either.
 */
class HostileRootfsIT {

  private static final String ORDINARY = "it must be mounted on ordinary directory";
  private static final String UP = "../../../../../../../..";

  private static Coffer coffer;
  private static Path canary;

  @BeforeAll
  static void open() throws IOException {
    coffer = Coffer.open();
    canary = Files.createDirectory(coffer.directory().resolve("canary"));
    Files.writeString(canary.resolve("witness"), "untouched\n");
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @AfterEach
  void theHostIsUntouched() throws IOException {
    try (Stream<Path> files = Files.list(canary)) {
      assertThat(files).containsExactly(canary.resolve("witness"));
    }
    assertThat(canary.resolve("witness")).hasContent("untouched");
  }

  static Stream<List<String>> mountPointsAndTargets() {
    return Stream.of("dev", "etc", "etc/hosts", "etc/hostname", "etc/resolv.conf", "etc/mtab")
        .flatMap(name -> Stream.of(List.of(name, canary.toString()), List.of(name, UP + canary)));
  }

  @ParameterizedTest
  @MethodSource("mountPointsAndTargets")
  void aMountPointThatIsALinkToTheHostIsMadeInside(List<String> link) {
    HostileImage image = new HostileImage();
    if (link.getFirst().contains("/")) {
      image.directory("etc");
    }
    image.link(link.getFirst(), link.getLast()).into(coffer, "leads-out");
    String look = "busybox ls -d /proc/1 /sys/kernel /dev/pts /dev/shm /etc/hosts";
    coffer.run("run", "--rm", "leads-out", "sh", "-c", look).ok();
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "sys"})
  void aMountPointOfProcOrSysfsThatIsALinkIsRefused(String name) {
    List<String> targets =
        List.of(name, "/tmp", UP + canary, canary.toString(), "/proc/self/root/tmp", "/proc/1/cwd");
    for (String target : targets) {
      new HostileImage().link(name, target).into(coffer, "linked");
      coffer
          .run("run", "--rm", "linked", "/bin/busybox", "true")
          .fails(125, "\"/" + name + "\"", ORDINARY);
    }
  }

  @Test
  void aMountPointThatIsALoopOrAMagicLinkIsRefused() {
    for (String target : List.of("dev", "/proc/self/root/tmp", "/proc/1/cwd")) {
      new HostileImage().link("dev", target).into(coffer, "loops");
      var result = coffer.run("run", "--rm", "loops", "sh", "-c", "busybox ls /dev");
      // Of a magic link's target there is nothing yet, or it is refused.
      if (result.exitCode() != 0) {
        result.fails(125, "\"/dev\"", "too many levels of symbolic links");
      } else {
        assertThat(target).startsWith("/proc/");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "sys", "dev", "dev/pts"})
  void aMountPointThatIsNoDirectoryIsRefusedOrHidden(String name) {
    HostileImage image = new HostileImage();
    if (name.contains("/")) {
      image.directory("dev");
    }
    image.fifo(name).into(coffer, "fifo-mount-point");
    var result = coffer.run("run", "--rm", "fifo-mount-point", "/bin/busybox", "true");
    switch (name) {
      case "proc", "sys" -> result.fails(125, "\"/" + name + "\"", ORDINARY);
      case "dev" -> result.fails(125, "\"/dev\"", "not a directory");
      default -> result.ok();
    }
  }

  @Test
  void aNullDeviceOfTheImageIsNotUsedForMasks() {
    new HostileImage().directory("dev").file("dev/null", "secret").into(coffer, "null-file");
    new HostileImage().directory("dev").device("dev/null", 1, 1).into(coffer, "null-memory");
    for (String image : List.of("null-file", "null-memory")) {
      String script = "busybox stat -c %t:%T /dev/null; busybox cat /proc/timer_list /proc/keys";
      assertThat(coffer.run("run", "--rm", image, "sh", "-c", script).out()).isEqualTo("1:3\n");
    }
  }

  static Stream<HostileImage> accountFilesThatNeverEnd() {
    return Stream.of(
        new HostileImage().directory("etc").fifo("etc/passwd"),
        new HostileImage().directory("etc").link("etc/passwd", "/dev/zero"),
        new HostileImage().directory("etc").device("etc/passwd", 1, 5),
        new HostileImage().directory("etc").link("etc/passwd", "/etc/passwd"),
        new HostileImage().directory("etc").directory("etc/passwd"),
        new HostileImage().directory("etc").link("etc/passwd", UP + "/etc/passwd"),
        new HostileImage().directory("etc").link("etc/passwd", "/proc/self/root/etc/passwd"));
  }

  @ParameterizedTest
  @MethodSource("accountFilesThatNeverEnd")
  void accountsAreReadFromFilesOfTheImageAlone(HostileImage image) {
    image.into(coffer, "accounts");
    coffer
        .run("run", "--rm", "--user", "nobody", "accounts", "/bin/busybox", "true")
        .fails(125, "no such user \"nobody\" in the image");
  }

  @Test
  void aHugeAccountFileIsRefused() {
    byte[] huge = new byte[9 << 20];
    new HostileImage().directory("etc").file("etc/passwd", huge).into(coffer, "huge");
    coffer
        .run("run", "--rm", "--user", "nobody", "huge", "/bin/busybox", "true")
        .fails(125, "\"/etc/passwd\" in the image is larger than 1 MiB");
  }

  @Test
  void aHomeThatEndsInTheMiddleIsNamed() {
    String line = "nobody:x:1:1::/home\0x:/bin/sh\n";
    new HostileImage().directory("etc").file("etc/passwd", line).into(coffer, "nul");
    coffer
        .run("run", "--rm", "--user", "nobody", "nul", "/bin/busybox", "true")
        .fails(125, "\"HOME=/home\\0x\" contains a NUL");
  }

  @Test
  void aWorkingDirectoryThatLeadsOutIsMadeInside() {
    new HostileImage().link("out", canary.toString()).link("up", UP).into(coffer, "work");
    assertThat(coffer.run("run", "--rm", "-w", "/out/x", "work", "sh", "-c", "pwd -P").ok().line())
        .isEqualTo(canary + "/x");
    assertThat(coffer.run("run", "--rm", "-w", "/up", "work", "sh", "-c", "pwd -P").ok().line())
        .isEqualTo("/");
  }

  /** CVE-2024-21626: a descriptor of the host's tree, or another process's view of it. */
  @ParameterizedTest
  @ValueSource(strings = {"/proc/self/fd/7", "/proc/self/fd/9/sub", "/proc/1/root", "/magic"})
  void aWorkingDirectoryThroughAMagicLinkIsRefused(String directory) {
    new HostileImage().link("magic", "/proc/self/cwd").into(coffer, "magic");
    coffer
        .run("run", "--rm", "-w", directory, "magic", "/bin/busybox", "ls")
        .fails(125, "change to directory \"" + directory + "\"");
    coffer.run("run", "-d", "--name", "magic", "magic", "/bin/busybox", "sleep", "100").ok();
    var exec = coffer.run("exec", "-w", directory, "magic", "/bin/busybox", "ls");
    coffer.run("rm", "-f", "magic").ok();
    exec.fails(exec.exitCode(), "change to directory \"" + directory + "\"");
    assertThat(exec.exitCode()).isNotZero();
  }

  @Test
  void volumesAndBindsThroughLinksStayInside() {
    new HostileImage().link("out", canary.toString()).link("up", UP).into(coffer, "targets");
    Path witness = canary.resolve("witness");
    String read = "busybox cat /out/a/witness /up" + canary + "/b /out/c/d/e/mark";
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "-v",
                    canary + ":/out/a:ro",
                    "-v",
                    witness + ":/up" + canary + "/b:ro",
                    "--tmpfs",
                    "/out/c/d/e",
                    "targets",
                    "sh",
                    "-c",
                    "echo t > /out/c/d/e/mark; " + read)
                .ok()
                .lines())
        .containsExactly("untouched", "untouched", "t");
  }

  @Test
  void mountPointsThatAreFifosOrDevicesAreNeverOpened() {
    new HostileImage().fifo("fifo").device("tape", 9, 0).into(coffer, "odd");
    Path witness = canary.resolve("witness");
    for (String target : List.of("/fifo", "/tape")) {
      assertThat(
              coffer
                  .run("run", "--rm", "-v", witness + ":" + target, "odd", "busybox", "cat", target)
                  .ok()
                  .line())
          .isEqualTo("untouched");
      coffer
          .run("run", "--rm", "-v", canary + ":" + target, "odd", "busybox", "true")
          .fails(125, target, "not a directory");
      coffer
          .run("run", "--rm", "--tmpfs", target, "odd", "busybox", "true")
          .fails(125, target, "not a directory");
    }
  }

  @Test
  void fillingAVolumeCopiesLinksAndNeverFollowsThem() {
    new HostileImage()
        .directory("data")
        .link("data/out", canary.toString())
        .link("data/file", canary.resolve("witness").toString())
        .fifo("data/fifo")
        .change("VOLUME /data")
        .into(coffer, "fill");
    String script =
        "busybox readlink /data/out; busybox test -p /data/fifo; busybox cat /data/file";
    var result = coffer.run("run", "--rm", "fill", "sh", "-c", script);
    assertThat(result.out()).isEqualTo(canary + "\n");
    assertThat(result.exitCode()).isNotZero();
    // And a volume whose place in the image is a link.
    new HostileImage().link("data", canary.toString()).change("VOLUME /data").into(coffer, "place");
    assertThat(coffer.run("run", "--rm", "place", "sh", "-c", "busybox ls /data").ok().out())
        .isEmpty();
  }

  /** CVE-2025-52881, CVE-2019-16884: what is written to procfs goes where it should or nowhere. */
  @Test
  void aVolumeOverProcLeadsNoParameterAstray() {
    new HostileImage()
        .directory("proc")
        .directory("proc/sys")
        .directory("proc/sys/net")
        .directory("proc/sys/net/ipv4")
        .link("proc/sys/net/ipv4/ip_unprivileged_port_start", "/self/oom_score_adj")
        .link("proc/sys/net/ipv4/ping_group_range", "/self/comm")
        .change("VOLUME /proc/sys")
        .into(coffer, "astray");
    coffer
        .run(
            "run",
            "--rm",
            "--sysctl",
            "net.ipv4.ip_unprivileged_port_start=77",
            "astray",
            "/bin/busybox",
            "cat",
            "/proc/self/oom_score_adj")
        .fails(125, "set sysctl \"net.ipv4.", "something is mounted over it in /proc");
  }

  @Test
  void volumesOverTheKernelsTreesShowNothingOfTheHost() {
    for (String target : List.of("/proc", "/sys")) {
      new HostileImage().change("VOLUME " + target).into(coffer, "over");
      var result = coffer.run("run", "--rm", "over", "sh", "-c", "busybox ls " + target).ok();
      assertThat(result.lines()).doesNotContain("kcore", "kernel", "1");
    }
    new HostileImage().change("VOLUME /dev").into(coffer, "over");
    coffer
        .run("run", "--rm", "over", "/bin/busybox", "ls", "/dev")
        .fails(125, "\"dev/null\"", "no such file or directory");
  }

  /** CVE-2021-30465: the target is exchanged for a link while it is being mounted on. */
  @Test
  void exchangingAMountPointForALinkWinsNothing() {
    new HostileImage().into(coffer, "racer");
    String swap =
        "busybox mkdir -p /v/a; busybox ln -s %s /v/l; while :; do ".formatted(UP + canary)
            + "busybox mv -T /v/a /v/t; busybox mv -T /v/l /v/a;"
            + "busybox mv -T /v/a /v/l; busybox mv -T /v/t /v/a; done";
    coffer.run("run", "-d", "--name", "swapper", "-v", "race:/v", "racer", "sh", "-c", swap).ok();
    for (int round = 0; round < 20; round++) {
      var result =
          coffer.run(
              "run",
              "--rm",
              "-v",
              "race:/v",
              "--tmpfs",
              "/v/a/deep",
              "racer",
              "sh",
              "-c",
              "busybox grep -c ' /.*canary' /proc/mounts; :");
      if (result.exitCode() != 0) {
        result.fails(125, "\"/v/a/deep\"");
      }
    }
    coffer.run("rm", "-f", "swapper").ok();
  }
}

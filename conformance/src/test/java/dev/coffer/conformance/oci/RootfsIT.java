package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The root file system: masked and read-only paths, read-only roots, propagation. */
class RootfsIT extends OciSuite {

  @TestFactory
  Stream<DynamicNode> maskedPaths() {
    return Stream.of(
        facts(
            "masked",
            b ->
                b.file("secret/file", "x")
                    .file("secret.txt", "x")
                    .link("alias", "/secret.txt")
                    .capabilities("CAP_DAC_OVERRIDE", "CAP_MKNOD")
                    .set(
                        "linux.maskedPaths",
                        List.of(
                            "/secret",
                            "/secret.txt",
                            "/not/there",
                            "/proc/timer_list",
                            "/proc/keys",
                            "/sys/firmware",
                            "/proc/acpi")),
            Fact.says("ls -A /secret", ""),
            Fact.refused("touch /secret/new"),
            Fact.says("cat /secret.txt", ""),
            Fact.says("cat /alias", ""),
            Fact.says("cat /proc/timer_list", ""),
            Fact.says("cat /proc/keys", ""),
            Fact.says("ls -A /sys/firmware", ""),
            Fact.says("ls -A /proc/acpi", ""),
            Fact.says("ls -d /not 2>/dev/null", ""),
            Fact.says("stat -L -c %t:%T /secret.txt", "1:3"),
            Fact.says("grep -c ' /secret ro,' /proc/self/mountinfo", "1")),
        facts(
            "directories, which share what hides them",
            b ->
                b.file("some/one/file", "x")
                    .file("some/two/file", "x")
                    .set("linux.maskedPaths", List.of("/some/one", "/some/two")),
            Fact.says("cat /some/*/file 2>/dev/null", ""),
            Fact.says(
                    "awk '$5 ~ \"^/some/\" {print $3}' /proc/self/mountinfo | sort -u | wc -l", "1")
                .except(Deviation.MASK_EACH)),
        check(
            "the root itself, which would hide nothing",
            Deviation.MASKED_ROOT,
            () -> run(b -> b.set("linux.maskedPaths", List.of("/"))).fails("masked")),
        facts(
            "not masked",
            b -> b.file("secret/file", "x").set("linux.maskedPaths", List.of()),
            Fact.says("cat /secret/file", "x"),
            Fact.matches("cat /proc/timer_list", "(Timer List|cat: can't open).*"),
            Fact.matches("head -n 1 /proc/keys", ".+")));
  }

  @TestFactory
  Stream<DynamicNode> readonlyPaths() {
    return Stream.of(
        facts(
            "read-only",
            b ->
                b.file("fixed/file", "x")
                    .file("fixed.txt", "x")
                    .file("free.txt", "x")
                    .set(
                        "linux.readonlyPaths",
                        List.of(
                            "/fixed",
                            "/fixed.txt",
                            "/not/there",
                            "/proc/sys",
                            "/proc/sysrq-trigger",
                            "/proc/irq",
                            "/proc/bus")),
            Fact.refused("echo > /fixed/file"),
            Fact.refused("touch /fixed/new"),
            Fact.refused("echo > /fixed.txt"),
            Fact.says("cat /fixed/file /fixed.txt", "xx"),
            Fact.allowed("echo > /free.txt"),
            Fact.refused("echo 0 > /proc/sys/kernel/domainname"),
            Fact.refused("echo h > /proc/sysrq-trigger"),
            Fact.refused("mv /fixed /moved"),
            Fact.matches("grep ' /proc/sys ' /proc/self/mountinfo", ".* /proc/sys ro,.*"),
            Fact.matches("grep ' /proc/bus ' /proc/self/mountinfo", ".* /proc/bus ro,.*"),
            Fact.matches("grep ' /proc/irq ' /proc/self/mountinfo", ".* /proc/irq ro,.*")),
        facts(
            "the root itself is read-only",
            b -> b.set("linux.readonlyPaths", List.of("/")),
            Fact.refused("touch /new"),
            Fact.allowed("touch /dev/shm/new")),
        facts(
            "not read-only",
            b -> b.set("linux.readonlyPaths", List.of()),
            Fact.says("grep -c ' /proc/' /proc/self/mountinfo | awk '{print ($1 < 5)}'", "1"),
            Fact.allowed("echo conform.test > /proc/sys/kernel/domainname")));
  }

  @TestFactory
  Stream<DynamicNode> readonlyRoot() {
    return Stream.of(
        facts(
            "a read-only root",
            b -> b.set("root.readonly", true).mount("/tmp", "tmpfs", "tmpfs"),
            Fact.matches(
                "grep ' / / ' /proc/self/mountinfo || awk '$5 == \"/\" {print $6}' /proc/self/mountinfo",
                "ro,.*"),
            Fact.refused("touch /new"),
            Fact.refused("touch /etc/new"),
            Fact.refused("echo >> /etc/passwd"),
            Fact.refused("rm /etc/group"),
            Fact.allowed("touch /tmp/new"),
            Fact.allowed("touch /dev/shm/new"),
            Fact.allowed("touch /dev/new")),
        facts(
            "a read-only /dev",
            b ->
                b.withoutMount("/dev/pts")
                    .withoutMount("/dev/shm")
                    .withoutMount("/dev/mqueue")
                    .withoutMount("/dev")
                    .mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755", "ro"),
            Fact.refused("touch /dev/new"),
            Fact.says("test -c /dev/null && echo yes", "yes")),
        facts(
            "a writable root",
            b -> b.set("root.readonly", false),
            Fact.allowed("touch /new"),
            Fact.allowed("echo x:x:9:9:::  >> /etc/passwd")));
  }

  @TestFactory
  Stream<DynamicNode> theRootItself() {
    return Stream.of(
        facts(
            "the root",
            b -> {},
            Fact.says("the host's tree is out of reach", "ls /../../../../usr 2>/dev/null", ""),
            Fact.says("[ $(stat -c %d:%i /) = $(stat -c %d:%i /..) ] && echo same", "same"),
            Fact.says("awk '$5 == \"/\"' /proc/self/mountinfo | wc -l", "1"),
            Fact.says("readlink /proc/self/root", "/"),
            Fact.says("readlink /proc/1/cwd", "/")),
        check(
            "what is written inside is in the bundle",
            () -> {
              Bundle bundle = workspace().bundle();
              workspace().container(bundle.shell("echo hello > /new")).run().ok();
              assertThat(bundle.rootfs().resolve("new")).hasContent("hello");
            }),
        check(
            "a root path that is absolute",
            () -> {
              Bundle other = workspace().bundle().file("where", "elsewhere");
              assertThat(
                      run(b -> b.set("root.path", other.rootfs().toString()).args("cat", "/where"))
                          .ok()
                          .line())
                  .isEqualTo("elsewhere");
            }),
        check(
            "--no-pivot confines as well",
            () -> {
              Bundle bundle = workspace().bundle().file("mark", "in").args("cat", "/../../mark");
              assertThat(workspace().container(bundle).run("--no-pivot").ok().line())
                  .isEqualTo("in");
            }),
        check(
            "--no-pivot shows the same mounts, and none of the host's",
            () -> {
              List<String> pivoted = mountPoints();
              assertThat(pivoted).contains("/", "/proc");
              assertThat(mountPoints("--no-pivot")).isEqualTo(pivoted);
            }));
  }

  private List<String> mountPoints(String... flags) {
    Bundle bundle = workspace().bundle().args("cat", "/proc/self/mountinfo");
    return workspace().container(bundle).run(flags).ok().lines().stream()
        .map(line -> line.split(" ")[4])
        .sorted()
        .toList();
  }

  /**
   * What the root's propagation is, in a private mount namespace where everything is shared. By the
   * spec even a shared root is of a new peer group: nothing that is mounted inside arrives outside.
   */
  @TestFactory
  Stream<DynamicNode> rootfsPropagation() {
    return Stream.of(
            propagation("private", entry -> assertThat(entry.propagation()).isEmpty()),
            propagation("slave", entry -> assertThat(entry.hasPropagation("shared")).isFalse()),
            propagation("rprivate", entry -> assertThat(entry.propagation()).isEmpty()),
            propagation("rslave", entry -> assertThat(entry.hasPropagation("shared")).isFalse()),
            propagation(
                "rshared",
                Deviation.SHARED_ROOT,
                entry -> assertThat(entry.hasPropagation("shared")).isTrue()),
            propagation(
                "shared",
                Deviation.SHARED_ROOT,
                entry -> assertThat(entry.hasPropagation("shared")).isTrue()),
            propagation(
                "unbindable",
                Deviation.UNBINDABLE_ROOT,
                entry -> assertThat(entry.hasPropagation("unbindable")).isTrue()))
        .flatMap(nodes -> nodes);
  }

  /** The root that counts is what is mounted on it, whatever is below. */
  @TestFactory
  Stream<DynamicNode> mountOnTheRoot() {
    Bundle other = workspace().bundle().file("mark", "of the other");
    return Stream.of(
        facts(
            "a tree that is mounted on the root",
            b ->
                b.set("mounts", List.of())
                    .bind(other.rootfs(), "/", "rbind")
                    .mount("/proc", "proc", "proc")
                    .set("root.readonly", true),
            Fact.says("cat /mark", "of the other"),
            Fact.refused("touch /new"),
            Fact.says("awk '$5 == \"/\"' /proc/self/mountinfo | wc -l", "1")),
        facts(
            "a tmpfs that is mounted on the root",
            b ->
                b.file("mark", "below")
                    .set("mounts", List.of())
                    .mount("/", "tmpfs", "tmpfs")
                    .bind(other.rootfs().resolve("bin"), "/bin")
                    .mount("/proc", "proc", "proc"),
            Fact.says("cat /mark 2>/dev/null", ""),
            Fact.allowed("touch /new"),
            Fact.says("stat -f -c %T /", "tmpfs")),
        check(
            "a tree that is mounted on the root, with --no-pivot",
            () -> {
              Bundle bundle = workspace().bundle().set("mounts", List.of());
              bundle.bind(other.rootfs(), "/", "rbind").mount("/proc", "proc", "proc");
              bundle.args("cat", "/../mark");
              try (Container container = workspace().container(bundle)) {
                assertThat(container.run("--no-pivot").ok().line()).isEqualTo("of the other");
              }
            }));
  }

  @Test
  void rootThatIsReachedByALink() throws IOException {
    Bundle bundle = workspace().bundle().args("ls", "/bin/sh");
    Path link = Files.createSymbolicLink(bundle.directory().resolve("link"), Path.of("rootfs"));
    bundle.set("root.path", link.getFileName().toString()).write();
    try (Container container = workspace().container(bundle)) {
      Result result = container.run();
      if (isOldRunc()) {
        result.fails("symlink");
      } else {
        assertThat(result.ok().line()).isEqualTo("/bin/sh");
      }
    }
  }

  /** What containerd asks for where a pod's volume is bidirectional. */
  @Test
  void volumeThatIsSharedBothWays() {
    Bundle bundle = workspace().bundle().capabilities("CAP_SYS_ADMIN");
    bundle.set("linux.rootfsPropagation", "rshared");
    Path volume = bundle.directory().resolve("volume");
    bundle.mount("/tmp/volume", "bind", volume.toString(), "rbind", "rshared");
    bundle.shell("mkdir /tmp/volume/x && mount -t tmpfs made /tmp/volume/x").write();
    Container container = workspace().container(bundle);
    Result result =
        container
            .runUnder(
                List.of(
                    "unshare",
                    "-m",
                    "--propagation",
                    "shared",
                    "/bin/sh",
                    "-c",
                    "mkdir $0 && mount -t tmpfs volume $0 && mount --make-shared $0"
                        + " && \"$@\" && cat /proc/self/mountinfo",
                    volume.toString()))
            .ok();
    assertThat(MountTable.parse(result.out()).at(volume + "/x").propagation()).isNotEmpty();
  }

  private Stream<DynamicNode> propagation(String kind, Consumer<MountTable.Entry> root) {
    return Stream.of(
        check("the root is " + kind, () -> root.accept(rootOf(amongShared(kind).ok()))),
        check("what is mounted in a root that is " + kind + " stays there", () -> stays(kind)));
  }

  private Stream<DynamicNode> propagation(
      String kind, Deviation deviation, Consumer<MountTable.Entry> root) {
    DynamicNode seen =
        check(
            "the root is " + kind,
            deviation,
            () -> amongShared(kind),
            result -> root.accept(rootOf(result)));
    return isOldRunc()
        ? Stream.of(seen)
        : Stream.of(seen, check("stays " + kind, () -> stays(kind)));
  }

  private void stays(String kind) {
    Result result = amongShared(kind).ok();
    assertThat(result.out()).contains(" - tmpfs made ");
    assertThat(result.err()).contains(" / / ").doesNotContain(" - tmpfs made ");
  }

  private static MountTable.Entry rootOf(Result result) {
    return MountTable.parse(result.out()).at("/");
  }

  /** The mount table inside on standard output; the one outside, at the end, on the other. */
  private Result amongShared(String kind) {
    Bundle bundle = workspace().bundle();
    bundle.directory("tmp/x").capabilities("CAP_SYS_ADMIN");
    bundle.set("linux.rootfsPropagation", kind);
    bundle.shell("mount -t tmpfs made /tmp/x; cat /proc/self/mountinfo").write();
    Container container = workspace().container(bundle);
    return container.runUnder(
        List.of(
            "unshare",
            "-m",
            "--propagation",
            "shared",
            "/bin/sh",
            "-c",
            "\"$@\" && cat /proc/self/mountinfo >&2",
            "sh"));
  }

  @TestFactory
  Stream<DynamicNode> mountPropagation() throws IOException {
    Path source = Files.createTempDirectory(workspace().directory(), "source");
    return Stream.of(
            "private",
            "shared",
            "slave",
            "unbindable",
            "rprivate",
            "rshared",
            "rslave",
            "runbindable")
        .map(
            kind ->
                check(
                    "a mount that is " + kind,
                    () -> {
                      Bundle bundle = workspace().bundle();
                      bundle.mount("/tmp/m", "bind", source.toString(), "rbind", kind);
                      bundle.shell("cat /proc/self/mountinfo").write();
                      Container container = workspace().container(bundle);
                      Result result =
                          container
                              .runUnder(List.of("unshare", "-m", "--propagation", "shared"))
                              .ok();
                      MountTable.Entry entry = MountTable.parse(result.out()).at("/tmp/m");
                      assertThat(entry.hasPropagation("shared"))
                          .as("%s", entry)
                          .isEqualTo(kind.endsWith("shared"));
                      assertThat(
                              kind.endsWith("shared")
                                  || entry.hasPropagation("master") == kind.endsWith("slave"))
                          .as("%s", entry)
                          .isTrue();
                      assertThat(entry.hasPropagation("unbindable"))
                          .as("%s", entry)
                          .isEqualTo(kind.endsWith("unbindable"));
                    }));
  }
}

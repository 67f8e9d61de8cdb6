package dev.coffer.conformance.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The options of the spec's table of mounts, as {@code /proc/self/mountinfo} shows them. */
class MountIT extends OciSuite {

  private static final String PLACE = "/tmp/m";
  private static final String TABLE = "cat /proc/self/mountinfo";

  /**
   * What an option has to show.
   *
   * @param present words among the options of the mount or of its file system
   * @param absent words not among them
   */
  private record Option(List<String> given, List<String> present, List<String> absent) {

    static Option of(String given, String present, String absent) {
      return new Option(words(given), words(present), words(absent));
    }

    private static List<String> words(String text) {
      return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    void assertShownBy(MountTable.Entry entry) {
      List<String> shown =
          Stream.concat(entry.options().stream(), entry.superOptions().stream()).toList();
      assertThat(shown).as("%s", entry).containsAll(present);
      assertThat(shown).as("%s", entry).noneMatch(absent::contains);
    }

    void assertShownByTheMount(MountTable.Entry entry) {
      assertThat(entry.options()).as("%s", entry).containsAll(present);
      assertThat(entry.options()).as("%s", entry).noneMatch(absent::contains);
    }
  }

  private static final List<Option> OF_A_NEW_FILE_SYSTEM =
      List.of(
          Option.of("ro", "ro", ""),
          Option.of("rw", "rw", "ro"),
          Option.of("nosuid", "nosuid", ""),
          Option.of("suid", "rw", "nosuid"),
          Option.of("nodev", "nodev", ""),
          Option.of("dev", "rw", "nodev"),
          Option.of("noexec", "noexec", ""),
          Option.of("exec", "rw", "noexec"),
          Option.of("noatime", "noatime", "relatime"),
          Option.of("atime", "relatime", "noatime"),
          Option.of("nodiratime", "nodiratime", ""),
          Option.of("diratime", "rw", "nodiratime"),
          Option.of("relatime", "relatime", ""),
          Option.of("norelatime", "rw", "noatime"),
          Option.of("strictatime", "rw", "relatime noatime"),
          Option.of("nostrictatime", "relatime", ""),
          Option.of("nosymfollow", "nosymfollow", ""),
          Option.of("symfollow", "rw", "nosymfollow"),
          Option.of("sync", "sync", ""),
          Option.of("async", "rw", "sync"),
          Option.of("dirsync", "dirsync", ""),
          Option.of("lazytime", "lazytime", ""),
          Option.of("nolazytime", "rw", "lazytime"),
          Option.of("mand", "rw", ""),
          Option.of("nomand", "rw", "mand"),
          Option.of("iversion", "rw", ""),
          Option.of("noiversion", "rw", ""),
          Option.of("silent", "rw", "silent"),
          Option.of("loud", "rw", "loud"),
          Option.of("noexec exec", "rw", "noexec"),
          Option.of("exec noexec", "noexec", ""),
          Option.of("ro rw", "rw", "ro"),
          Option.of("nosuid suid", "rw", "nosuid"),
          Option.of("nodev dev", "rw", "nodev"),
          Option.of("noatime atime", "relatime", "noatime"),
          Option.of("ro nosuid nodev noexec noatime", "ro nosuid nodev noexec noatime", ""));

  @TestFactory
  Stream<DynamicNode> ofANewFileSystem() {
    return OF_A_NEW_FILE_SYSTEM.stream()
        .map(
            option ->
                check(
                    "tmpfs " + option.given(),
                    () -> {
                      String[] given = option.given().toArray(String[]::new);
                      Result result =
                          run(b -> b.mount(PLACE, "tmpfs", "tmpfs", given).shell(TABLE)).ok();
                      MountTable.Entry entry = MountTable.parse(result.out()).at(PLACE);
                      assertThat(entry.type()).isEqualTo("tmpfs");
                      option.assertShownBy(entry);
                    }));
  }

  @TestFactory
  Stream<DynamicNode> defaults() {
    return Stream.of(
        facts(
            "defaults",
            Deviation.DEFAULTS_OPTION,
            b -> b.mount(PLACE, "tmpfs", "tmpfs", "defaults"),
            Fact.says("awk '$2 == \"" + PLACE + "\" {print $4}' /proc/mounts", "rw,relatime")));
  }

  @TestFactory
  Stream<DynamicNode> ofABind() {
    return Stream.of(
            Option.of("bind", "rw", "nosuid nodev noexec ro"),
            Option.of("bind ro", "ro", ""),
            Option.of("bind rw", "rw", ""),
            Option.of("bind nosuid", "nosuid", "noexec"),
            Option.of("bind nodev", "nodev", "noexec"),
            Option.of("bind noexec", "noexec", "nodev"),
            Option.of("bind noatime", "noatime", "relatime"),
            Option.of("bind nodiratime", "nodiratime", ""),
            Option.of("bind strictatime", "rw", "relatime noatime"),
            Option.of("bind relatime", "relatime", ""),
            Option.of("bind nosymfollow", "nosymfollow", ""),
            Option.of("rbind ro nosuid nodev noexec", "ro nosuid nodev noexec", ""))
        .map(
            option ->
                check(
                    option.given().toString(),
                    () -> {
                      Path source = Files.createTempDirectory(workspace().directory(), "source");
                      Files.writeString(source.resolve("file"), "of the host");
                      String[] given = option.given().toArray(String[]::new);
                      Result result =
                          run(b ->
                                  b.mount(PLACE, "bind", source.toString(), given)
                                      .shell(TABLE + "; cat " + PLACE + "/file >&2"))
                              .ok();
                      option.assertShownBy(MountTable.parse(result.out()).at(PLACE));
                      assertThat(result.err()).isEqualTo("of the host");
                    }));
  }

  /** The recursive attributes, on a tree of the host that has mounts below: its cgroups. */
  @TestFactory
  Stream<DynamicNode> recursive() {
    return Stream.of(
            Option.of("rro", "ro", ""),
            Option.of("rrw", "rw", ""),
            Option.of("rnosuid", "nosuid", ""),
            Option.of("rsuid", "", "nosuid"),
            Option.of("rnodev", "nodev", ""),
            Option.of("rdev", "", "nodev"),
            Option.of("rnoexec", "noexec", ""),
            Option.of("rexec", "", "noexec"),
            Option.of("rnodiratime", "nodiratime", ""),
            Option.of("rdiratime", "", "nodiratime"),
            Option.of("rnoatime", "noatime", "relatime"),
            Option.of("rstrictatime", "", "relatime noatime"),
            Option.of("rrelatime", "relatime", "noatime"),
            Option.of("rnorelatime", "", "noatime"),
            Option.of("rnosymfollow", "nosymfollow", ""),
            Option.of("rsymfollow", "", "nosymfollow"))
        .map(option -> group(option.given().toString(), () -> recursive(option)));
  }

  /** Those that take the kernel's default. */
  @TestFactory
  Stream<DynamicNode> recursiveDefaults() {
    return Stream.of("ratime", "rnostrictatime")
        .map(
            option ->
                check(
                    option,
                    Deviation.DEFAULT_ATIME,
                    () ->
                        run(
                            b ->
                                b.mount(PLACE, "bind", "/sys/fs/cgroup", "rbind", "noatime", option)
                                    .shell(TABLE)),
                    result ->
                        assertThat(MountTable.parse(result.out()).below(PLACE))
                            .hasSizeGreaterThan(1)
                            .allSatisfy(
                                Option.of(option, "relatime", "noatime")::assertShownByTheMount)));
  }

  private Stream<DynamicNode> recursive(Option option) {
    Result result =
        run(
            b ->
                b.mount(PLACE, "bind", "/sys/fs/cgroup", "rbind", option.given().getFirst())
                    .shell(TABLE));
    return Stream.of(
        check(
            "the mount",
            () -> option.assertShownByTheMount(MountTable.parse(result.ok().out()).at(PLACE))),
        check(
            "all mounts below",
            () -> {
              List<MountTable.Entry> all = MountTable.parse(result.ok().out()).below(PLACE);
              assertThat(all).hasSizeGreaterThan(1);
              assertThat(all).allSatisfy(option::assertShownByTheMount);
            }));
  }

  @TestFactory
  Stream<DynamicNode> dataOfATmpfs() {
    return Stream.of(
        facts(
            "data of a tmpfs",
            b ->
                b.capabilities("CAP_DAC_OVERRIDE")
                    .mount("/tmp/a", "tmpfs", "tmpfs", "size=1m", "mode=1750", "uid=5", "gid=6")
                    .mount("/tmp/b", "tmpfs", "named", "nr_inodes=64")
                    .mount("/tmp/c", "tmpfs", "tmpfs", "size=25%")
                    .mount("/tmp/a/below", "tmpfs", "tmpfs", "mode=0700"),
            Fact.says("stat -c %a /tmp/a", "1750"),
            Fact.says("stat -c %u:%g /tmp/a", "5:6"),
            Fact.says("df -P /tmp/a | awk 'END {print $2}'", "1024"),
            Fact.says(
                "dd if=/dev/zero of=/tmp/a/f bs=64k 2>/dev/null; stat -c %s /tmp/a/f", "1048576"),
            Fact.says("awk '$2 == \"/tmp/b\" {print $1}' /proc/mounts", "named"),
            Fact.matches("grep ' /tmp/b ' /proc/mounts", ".*nr_inodes=64.*"),
            Fact.says("stat -c %a /tmp/a/below", "700"),
            Fact.matches("grep ' /tmp/c ' /proc/mounts", ".*tmpfs.*size=.*")),
        facts(
            "data in one text, and options that are empty",
            b ->
                b.directory("there")
                    .mount("/there", "tmpfs", "tmpfs", "size=64k,mode=1750")
                    .mount(PLACE, "tmpfs", "tmpfs", "", "size=64k,mode=1750", "nosuid", ""),
            Fact.says("stat -c %a /there", "1750").except(Deviation.MODE_BELOW),
            Fact.says("stat -c %a " + PLACE, "1750"),
            Fact.matches("grep ' " + PLACE + " ' /proc/mounts", ".*nosuid.*size=64k.*")),
        facts(
            "tmpcopyup",
            b ->
                b.file("data/one", "1")
                    .file("data/deep/two", "2")
                    .link("data/link", "one")
                    .mount("/data", "tmpfs", "tmpfs", "tmpcopyup"),
            Fact.says("awk '$2 == \"/data\" {print $3}' /proc/mounts", "tmpfs"),
            Fact.says("cat /data/one", "1"),
            Fact.says("cat /data/deep/two", "2"),
            Fact.says("readlink /data/link", "one"),
            Fact.allowed("echo 3 > /data/one")),
        check(
            "tmpcopyup under a umask",
            Deviation.UMASKED_COPY,
            () -> {
              Bundle bundle =
                  workspace()
                      .bundle()
                      .directory("data/for-all")
                      .mount("/data", "tmpfs", "tmpfs", "tmpcopyup")
                      .shell("stat -c %a /data/for-all");
              Files.setPosixFilePermissions(
                  bundle.rootfs().resolve("data/for-all"),
                  PosixFilePermissions.fromString("rwxrwxrwx"));
              Result result =
                  workspace()
                      .container(bundle)
                      .runUnder(List.of("sh", "-c", "umask 027; exec \"$@\"", "sh"));
              assertThat(result.ok().line()).isEqualTo("777");
            }));
  }

  /** A journal that is to be replayed makes the kernel write, unless the file system knows. */
  @TestFactory
  Stream<DynamicNode> aDeviceThatIsReadOnly() {
    return Stream.of(
        check(
            "a file system of a device that cannot be written to",
            () -> {
              Path image = workspace().directory().resolve("disk");
              command("truncate", "-s", "1M", image.toString());
              command("mke2fs", "-q", "-t", "ext2", image.toString());
              String device =
                  command("losetup", "--find", "--show", "--read-only", image.toString());
              try {
                Result result = run(b -> b.mount(PLACE, "ext2", device, "ro").shell(TABLE)).ok();
                MountTable.Entry entry = MountTable.parse(result.out()).at(PLACE);
                assertThat(entry.options()).contains("ro");
                assertThat(entry.superOptions()).contains("ro");
              } finally {
                command("losetup", "--detach", device);
              }
            }));
  }

  private static String command(String... words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    assertThat(process.onExit().join().exitValue()).as("%s: %s", words[0], said).isZero();
    return said;
  }

  @TestFactory
  Stream<DynamicNode> remount() {
    String table = "awk '$5 == \"/x\" {print $6; print $NF}' /proc/self/mountinfo";
    return Stream.of(
        facts(
            "a tmpfs that is there",
            b ->
                b.mount("/x", "tmpfs", "tmpfs", "size=64k", "nosuid")
                    .mount("/x/kept", "tmpfs", "tmpfs")
                    .mount("/x", "tmpfs", "tmpfs", "remount", "noexec", "size=128k"),
            Fact.matches(table, "rw,noexec,relatime\nrw,size=128k[^\n]*"),
            Fact.says("ls /x", "kept")),
        facts(
            "a bind that is there",
            b ->
                b.file("data/file", "content")
                    .bind(b.rootfs().resolve("data"), "/x", "nosuid")
                    .mount("/x", "bind", b.rootfs().toString(), "bind", "remount", "nodev"),
            Fact.matches(table, "r[ow],nodev,relatime\n[^\n]*"),
            Fact.says("cat /x/file", "content")),
        facts(
            "/dev, which is filled after",
            b -> b.mount("/dev", "tmpfs", "tmpfs", "remount", "nosuid", "ro"),
            Fact.refused("touch /dev/x"),
            Fact.says("readlink /dev/stdin", "/proc/self/fd/0")),
        check(
            "nothing that is there",
            () -> run(b -> b.mount("/x", "tmpfs", "tmpfs", "remount", "ro")).fails("/x")));
  }

  /** What is mounted by default, and where. */
  @TestFactory
  Stream<DynamicNode> typesOfFileSystems() {
    String type = "awk '$2 == \"%s\" {t = $3} END {print t}' /proc/mounts";
    return Stream.of(
        facts(
            "types",
            b -> b.namespace("cgroup").mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro"),
            Fact.says(type.formatted("/proc"), "proc"),
            Fact.says(type.formatted("/dev"), "tmpfs"),
            Fact.says(type.formatted("/dev/pts"), "devpts"),
            Fact.says(type.formatted("/dev/shm"), "tmpfs"),
            Fact.says(type.formatted("/dev/mqueue"), "mqueue"),
            Fact.says(type.formatted("/sys"), "sysfs"),
            Fact.says(type.formatted("/sys/fs/cgroup/pids"), "cgroup"),
            Fact.says(type.formatted("/sys/fs/cgroup/memory"), "cgroup"),
            Fact.refused("mkdir /sys/fs/cgroup/pids/x"),
            Fact.refused("mkdir /sys/fs/cgroup/x"),
            Fact.says(
                "only its own processes are in the group",
                "wc -w < /sys/fs/cgroup/pids/cgroup.procs | awk '{print ($1 < 6)}'",
                "1"),
            Fact.refused("touch /sys/x"),
            Fact.says("stat -c %a /dev/shm", "1777"),
            Fact.says("stat -c %a /dev", "755"),
            Fact.matches("grep ' /dev/pts ' /proc/mounts", ".*gid=5,mode=620,ptmxmode=666.*")));
  }

  @TestFactory
  Stream<DynamicNode> destinations() throws IOException {
    Path directory = Files.createTempDirectory(workspace().directory(), "source");
    Path file = Files.writeString(directory.resolve("file"), "content");
    Path host = Files.createTempDirectory(workspace().directory(), "outside");
    return Stream.of(
        facts(
            "places that are not there",
            b -> b.bind(directory, "/new/deep/directory").bind(file, "/new/deep/file"),
            Fact.says("cat /new/deep/directory/file", "content"),
            Fact.says("cat /new/deep/file", "content")),
        facts(
            "a place that is told from the root, without a slash",
            b -> b.set("process.cwd", "/tmp").bind(directory, "relative/place"),
            Fact.says("cat /relative/place/file", "content")),
        facts(
            "places that are",
            b ->
                b.file("there", "hidden")
                    .directory("dir/hidden")
                    .bind(file, "/there", "ro")
                    .bind(directory, "/dir"),
            Fact.says("cat /there", "content"),
            Fact.says("ls /dir", "file"),
            Fact.refused("echo > /there")),
        facts(
            "absolute links of the root file system stay in it",
            b ->
                b.directory("real")
                    .link("absolute", "/real")
                    .link("outside", host.toString())
                    .bind(directory, "/absolute")
                    .bind(directory, "/outside/made"),
            Fact.says("cat /real/file", "content"),
            Fact.says("cat /outside/made/file", "content")),
        facts(
            "relative links that climb stay in it",
            b ->
                b.directory("real")
                    .link("climbs", "../../../../../../real")
                    .bind(directory, "/climbs"),
            Fact.says("cat /real/file", "content")),
        facts(
            "a link to a file",
            b -> b.file("etc/real", "").link("etc/alias", "/etc/real").bind(file, "/etc/alias"),
            Fact.says("cat /etc/real", "content")),
        facts(
            "later mounts hide earlier ones",
            b -> b.mount("/x", "tmpfs", "first").mount("/x", "tmpfs", "second"),
            Fact.says("awk '$2 == \"/x\" {s = $1} END {print s}' /proc/mounts", "second")),
        facts(
            "a bind whose source is relative to the bundle",
            b ->
                b.file("../beside/file", "beside").mount("/beside", "bind", "beside", "bind", "ro"),
            Fact.says("cat /beside/file", "beside")),
        check(
            "nothing was made where the links of the image lead on the host",
            () -> assertThat(Files.list(host)).isEmpty()));
  }
}

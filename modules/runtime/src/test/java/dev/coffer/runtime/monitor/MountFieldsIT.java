package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mounts of a spec, as the kernel shows them from inside. */
@Timeout(60)
class MountFieldsIT {
  private static final List<IdMapping> MAP = List.of(IdMapping.of(0, 100_000, 65_536));

  @TempDir Path directory;
  private TestContainers containers;
  private Path data;

  @BeforeEach
  void open() throws Exception {
    containers = new TestContainers(directory);
    Files.createDirectory(containers.rootfs().resolve("data"));
    data = Files.createDirectory(directory.resolve("data"));
    Files.setAttribute(Files.createFile(data.resolve("file")), "unix:uid", 5);
    Files.setAttribute(data.resolve("file"), "unix:gid", 7);
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  private Mount bind(List<IdMapping> map, String... options) {
    return new Mount(
        "/data",
        Optional.of("bind"),
        Optional.of(data.toString()),
        List.of(options),
        map,
        map,
        JsonObject.EMPTY);
  }

  private static Spec remapped(Spec spec, List<IdMapping> map) {
    List<Namespace> namespaces = new ArrayList<>(spec.linux().orElseThrow().namespaces());
    namespaces.add(Namespace.create(NamespaceType.USER));
    return TestContainers.linux(
        spec, linux -> linux.namespaces(namespaces).uidMappings(map).gidMappings(map));
  }

  private String output(Spec spec, Mount... mounts) throws Exception {
    Conversation told = containers.run(TestContainers.mounts(spec, mounts));
    assertThat(told.errors()).isEmpty();
    return told.output();
  }

  @Test
  void aMountTakesItsOwnIdMap() throws Exception {
    Spec spec = TestContainers.spec("stat -c %u:%g /data/file");
    assertThat(output(spec, bind(MAP, "rbind", "idmap"))).isEqualTo("100005:100007\n");
    assertThat(output(spec, bind(MAP, "bind"))).isEqualTo("100005:100007\n");
    List<IdMapping> shifted = List.of(IdMapping.of(5, 0, 1), IdMapping.of(7, 1, 3));
    assertThat(
            output(
                TestContainers.spec("stat -c %u:%g /data/file"), bind(shifted, "rbind", "ridmap")))
        .isEqualTo("0:1\n");
  }

  @Test
  void aMountTakesTheContainersIdMap() throws Exception {
    Spec spec = remapped(TestContainers.spec("stat -c %u:%g /data/file"), MAP);
    assertThat(output(spec, bind(List.of(), "rbind"))).isEqualTo("65534:65534\n");
    assertThat(output(spec, bind(List.of(), "rbind", "idmap"))).isEqualTo("5:7\n");
    Spec writing = remapped(TestContainers.spec("touch /data/new; stat -c %u /data/new"), MAP);
    assertThat(output(writing, bind(List.of(), "bind", "ridmap"))).isEqualTo("0\n");
    assertThat(Files.getAttribute(data.resolve("new"), "unix:uid")).isEqualTo(0);
  }

  @Test
  void aMountWithItsOwnMapInAContainerWithAnother() throws Exception {
    List<IdMapping> map = List.of(IdMapping.of(0, 101_000, 1000));
    Spec spec = remapped(TestContainers.spec("stat -c %u:%g /data/file"), MAP);
    assertThat(output(spec, bind(map, "rbind", "idmap", "ro"))).isEqualTo("1005:1007\n");
  }

  @Test
  void aMountTakesTheMapOfAJoinedNamespace() throws Exception {
    Spec first = remapped(TestContainers.spec("exec sleep 1000"), MAP);
    try (MonitorConnection container = containers.start(first)) {
      String path = "/proc/" + container.pid() + "/ns/user";
      List<Namespace> namespaces =
          List.of(
              Namespace.create(NamespaceType.MOUNT),
              Namespace.create(NamespaceType.UTS),
              Namespace.join(NamespaceType.USER, path));
      Spec second =
          TestContainers.linux(
              TestContainers.spec("stat -c %u:%g /data/file; id -u"),
              linux -> linux.namespaces(namespaces));
      assertThat(output(second, bind(List.of(), "rbind", "idmap"))).isEqualTo("5:7\n0\n");
      TestContainers.kill(container);
    }
  }

  @Test
  void whatCannotBeMappedIsNamed() throws Exception {
    Spec spec = TestContainers.spec("true");
    assertThatThrownBy(() -> output(spec, bind(List.of(), "rbind", "idmap")))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "mounts[5]: idmap needs uidMappings and gidMappings when there is no user namespace");
    Mount sysfs =
        new Mount(
            "/data",
            Optional.of("bind"),
            Optional.of("/sys/kernel"),
            List.of("bind", "idmap"),
            MAP,
            MAP,
            JsonObject.EMPTY);
    assertThatThrownBy(() -> output(spec, sysfs))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mount \"/sys/kernel\" on \"/data\": its file system")
        .hasMessageContaining("cannot be id-mapped");
  }

  private static Mount tmpfs(String... options) {
    return new Mount(
        "/data",
        Optional.of("tmpfs"),
        Optional.of("tmpfs"),
        List.of(options),
        List.of(),
        List.of(),
        JsonObject.EMPTY);
  }

  private void fillImage() throws Exception {
    Path image = containers.rootfs().resolve("data");
    Files.createDirectory(image.resolve("dir"));
    Files.writeString(image.resolve("dir/file"), "content");
    Files.setAttribute(image.resolve("dir/file"), "unix:uid", 1);
    Files.setAttribute(image.resolve("dir/file"), "unix:mode", 04755);
    Files.createSymbolicLink(image.resolve("link"), Path.of("/etc/shadow"));
  }

  @Test
  void aTmpfsIsFilledFromTheImage() throws Exception {
    fillImage();
    String script =
        "stat -f -c %T /data; cat /data/dir/file; echo; stat -c %a:%u /data/dir/file;"
            + " readlink /data/link; touch /data/new && echo written";
    assertThat(output(TestContainers.spec(script), tmpfs("nosuid", "tmpcopyup")))
        .isEqualTo("tmpfs\ncontent\n4755:1\n/etc/shadow\nwritten\n");
    assertThat(directory.resolve("upper/data/new")).doesNotExist();
    Conversation readonly =
        containers.run(
            TestContainers.mounts(
                TestContainers.spec("cat /data/dir/file; touch /data/new"),
                tmpfs("ro", "tmpcopyup")));
    assertThat(readonly.output()).isEqualTo("content");
    assertThat(readonly.errors()).contains("Read-only file system");
  }

  @Test
  void aTmpfsIsFilledInAUserNamespace() throws Exception {
    fillImage();
    List<IdMapping> withoutNobody = List.of(IdMapping.of(0, 100_000, 1000));
    Spec spec =
        remapped(
            TestContainers.spec("cat /data/dir/file; stat -c :%a:%u /data/dir/file"),
            withoutNobody);
    assertThat(output(spec, tmpfs("tmpcopyup"))).isEqualTo("content:755:0\n");
  }

  @Test
  void anImageThatDoesNotFitIsNamed() throws Exception {
    Files.write(containers.rootfs().resolve("data/large"), new byte[1 << 20]);
    assertThatThrownBy(() -> output(TestContainers.spec("true"), tmpfs("tmpcopyup", "size=64k")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "copy what is in \"/data\": no space left on device (give the tmpfs a larger size)");
  }

  @Test
  void attributesBelowAreThoseOfTheOptions() throws Exception {
    String options = "sed -n 's/.* \\/data \\([a-z,]*\\) .*/\\1/p' /proc/self/mountinfo";
    assertThat(
            output(
                TestContainers.spec(options), bind(List.of(), "rbind", "rro", "rnosuid", "rnodev")))
        .isEqualTo("ro,nosuid,nodev,relatime\n");
    assertThat(
            output(
                TestContainers.spec(options),
                bind(List.of(), "rbind", "rnoexec", "rnoatime", "rnosymfollow")))
        .isEqualTo("rw,noexec,noatime,nosymfollow\n");
    assertThat(
            output(
                TestContainers.spec(options),
                bind(List.of(), "bind", "rro", "rrw", "rstrictatime", "rnodiratime")))
        .isEqualTo("rw,nodiratime\n");
  }

  @Test
  void aRelativeDestinationIsBelowTheRoot() throws Exception {
    Mount relative = Mount.bind("data", data.toString(), List.of("rbind"));
    assertThat(output(TestContainers.spec("ls /data"), relative)).isEqualTo("file\n");
  }

  @Test
  void aUserNamespaceOnTheHostsNetworkSeesTheHostsSysfs() throws Exception {
    String script =
        "awk '$5 == \"/sys\" {print $6, $9}' /proc/self/mountinfo; ls /sys/class >/dev/null";
    Spec spec = remapped(TestContainers.spec(script), MAP);
    List<Namespace> namespaces =
        spec.linux().orElseThrow().namespaces().stream()
            .filter(each -> each.type() != NamespaceType.NETWORK)
            .toList();
    Spec shared = TestContainers.linux(spec, linux -> linux.namespaces(namespaces));
    assertThat(output(shared)).startsWith("ro,nosuid,nodev,noexec,relatime ").contains("sysfs");
  }
}

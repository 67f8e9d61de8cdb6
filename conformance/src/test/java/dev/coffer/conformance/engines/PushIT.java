package dev.coffer.conformance.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images go between Coffer and its peers, by a registry and by archives, and stay what they are.
 */
class PushIT {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private static ImagePeers peers;
  private static Coffer coffer;

  @BeforeAll
  static void open() throws IOException {
    peers = ImagePeers.open();
    coffer = peers.coffer();
    coffer.run("load", "-i", peers.image().toString()).ok();
  }

  @AfterAll
  static void close() {
    peers.close();
  }

  private static String pushed(String... arguments) throws IOException {
    Path file = Files.createTempFile(peers.directory(), "digest", "");
    String[] command = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, command, 0, arguments.length);
    command[arguments.length] = "--digestfile";
    command[arguments.length + 1] = file.toString();
    coffer.run(command).ok();
    return Files.readString(file);
  }

  private static String digest(String manifest) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(manifest.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> digests(String text) {
    return DIGEST.matcher(text).results().map(MatchResult::group).distinct().toList();
  }

  @Test
  void peersPullWhatCofferPushedAndSeeTheSameDigest() throws IOException {
    String name = peers.name("pushed/busybox") + ":1";
    String digest = pushed("push", BusyboxImage.NAME, name);
    assertThat(digest(peers.rawManifest(name))).isEqualTo(digest);

    assertThat(digests(peers.docker().run("pull", name).ok().out())).containsExactly(digest);
    String byDigest = name.replaceFirst(":1$", "@" + digest);
    peers.docker().run("pull", byDigest).ok();
    peers.podman().run("pull", "--tls-verify=false", byDigest).ok();
    assertThat(peers.podman().inspect(byDigest, "{{.RepoDigests}}")).contains(byDigest);
    String id = coffer.run("image", "inspect", "-f", "{{.Id}}", BusyboxImage.NAME).ok().line();
    assertThat(peers.docker().inspect(byDigest, "{{.Id}}")).isEqualTo(id);
    assertThat("sha256:" + peers.podman().inspect(byDigest, "{{.Id}}")).isEqualTo(id);
  }

  /** In by one name, out by another: the registry has the same bytes under both. */
  private static void comesInAndGoesOut(String name) throws IOException {
    String local = "in/" + name.substring(name.indexOf('/') + 1);
    String back = peers.name("back/" + name.substring(name.indexOf('/') + 1));
    coffer.run("copy", "--all", "docker://" + name, local).ok();
    coffer.run("push", local, back).ok();
    String manifest = peers.rawManifest(name);
    assertThat(peers.rawManifest(back)).isEqualTo(manifest);
    String digest = digest(manifest);
    assertThat(coffer.run("copy", local, "dir:" + peers.directory().resolve("d")).ok().out())
        .contains(digest);
    coffer.run("copy", local, "again/" + local).ok();
    assertThat(digest(Files.readString(peers.directory().resolve("d/manifest.json"))))
        .isEqualTo(digest);
    assertThat(
            coffer.run("run", "--rm", "--network", "none", local, "/bin/echo", "runs").ok().line())
        .isEqualTo("runs");
  }

  @Test
  void dockersImages() throws IOException {
    String name = peers.name("docker:1");
    peers.docker().run("tag", BusyboxImage.NAME, name).ok();
    peers.docker().run("push", name).ok();
    comesInAndGoesOut(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "v2s2"})
  void podmansImages(String format) throws IOException {
    String name = peers.name("podman-" + format + ":1");
    peers
        .podman()
        .run("push", "--tls-verify=false", "--format", format, BusyboxImage.NAME, name)
        .ok();
    comesInAndGoesOut(name);
  }

  @Test
  void buildahsImages() throws IOException {
    String name = peers.name("buildah:1");
    String container = peers.buildah("from", "--pull-never", "scratch").ok().line();
    Path rootfs = peers.directory().resolve("rootfs");
    peers.buildah("copy", container, rootfs.toString(), "/").ok();
    peers.buildah("config", "--env", "A=B", "--cmd", "sh", container).ok();
    peers.buildah("commit", "--rm", container, "built:1").ok();
    peers.buildah("push", "--tls-verify=false", "built:1", name).ok();
    comesInAndGoesOut(name);
    assertThat(coffer.run("image", "inspect", "-f", "{{.Config.Env}}", "in/buildah:1").ok().out())
        .contains("A=B");
  }

  @Test
  void umocisLayoutsByTheRegistryAndByDirectory() throws IOException {
    String layout = peers.directory().resolve("layout").toString();
    peers.umoci("init", "--layout", layout).ok();
    peers.umoci("new", "--image", layout + ":u").ok();
    String archive = peers.directory().resolve("content/layer.tar").toString();
    peers.umoci("raw", "add-layer", "--image", layout + ":u", archive).ok();
    String name = peers.name("umoci:1");
    String digest = pushed("copy", "oci:" + layout + ":u", "docker://" + name);
    assertThat(digests(peers.umoci("ls", "--layout", layout).ok().out())).isEmpty();
    comesInAndGoesOut(name);
    coffer.run("copy", "docker://" + name, "oci:" + layout + ":back").ok();
    assertThat(digest(peers.skopeo("inspect", "--raw", "oci:" + layout + ":back").ok().out()))
        .isEqualTo(digest);
    String bundle = peers.directory().resolve("bundle").toString();
    peers.umoci("unpack", "--image", layout + ":back", bundle).ok();
    assertThat(Path.of(bundle, "rootfs/bin/busybox")).exists();
  }

  @Test
  void peersLoadWhatCofferSavesAndCofferGetsTheSameBack() throws IOException {
    String name = "saved:1";
    coffer.run("tag", BusyboxImage.NAME, name).ok();
    Path saved = peers.directory().resolve("saved.tar");
    coffer.run("save", "-o", saved.toString(), name).ok();
    String digest = pushed("push", name, peers.name("saved:1"));
    String id = coffer.run("image", "inspect", "-f", "{{.Id}}", name).ok().line();

    peers.docker().run("load", "-i", saved.toString()).ok();
    assertThat(peers.docker().inspect(name, "{{.Id}}")).isEqualTo(id);
    peers.podman().run("load", "-i", saved.toString()).ok();
    assertThat(peers.podman().run("images", "--no-trunc", "-q").ok().out()).contains(id);
    String inspected = peers.skopeo("inspect", "--raw", "oci-archive:" + saved).ok().out();
    assertThat(digest(inspected)).isEqualTo(digest);

    coffer.run("rmi", name).ok();
    coffer.run("load", "-i", saved.toString()).ok();
    assertThat(pushed("push", name, peers.name("loaded:1"))).isEqualTo(digest);
    Path again = peers.directory().resolve("again.tar");
    coffer.run("save", "-o", again.toString(), name).ok();
    assertThat(again).hasSameBinaryContentAs(saved);
  }

  @Test
  void cofferLoadsWhatPeersSave() throws IOException {
    Path saved = peers.directory().resolve("docker-saved.tar");
    peers.docker().run("tag", BusyboxImage.NAME, "from/docker:1").ok();
    peers.docker().run("save", "-o", saved.toString(), "from/docker:1").ok();
    coffer.run("load", "-i", saved.toString()).ok();
    assertThat(coffer.run("image", "inspect", "-f", "{{.Id}}", "from/docker:1").ok().line())
        .isEqualTo(peers.docker().inspect("from/docker:1", "{{.Id}}"));
    for (String format : List.of("docker-archive", "oci-archive")) {
      Path archive = peers.directory().resolve(format + ".tar");
      String name = "localhost/from/" + format + ":1";
      peers.podman().run("tag", BusyboxImage.NAME, name).ok();
      peers.podman().run("save", "--format", format, "-o", archive.toString(), name).ok();
      coffer.run("load", "-i", archive.toString()).ok();
      assertThat(
              coffer.run("run", "--rm", "--network", "none", name, "/bin/echo", "runs").ok().line())
          .isEqualTo("runs");
    }
    Path archive = peers.directory().resolve("oci-archive.tar");
    String expected = digest(peers.skopeo("inspect", "--raw", "oci-archive:" + archive).ok().out());
    assertThat(pushed("push", "localhost/from/oci-archive:1", peers.name("oci-archive:1")))
        .isEqualTo(expected);
  }

  @Test
  void aListOfManifestsIsPulledForTheRightPlatform() throws IOException {
    String here = peers.name("member:1");
    coffer.run("push", BusyboxImage.NAME, here).ok();
    String list = peers.name("list:1");
    coffer.run("manifest", "create", list, BusyboxImage.NAME).ok();
    String other = peers.name("docker-member:1");
    peers.docker().run("tag", BusyboxImage.NAME, other).ok();
    peers.docker().run("push", other).ok();
    coffer.run("manifest", "add", "--arch", "arm64", list, "docker://" + other).ok();
    String digest = coffer.run("manifest", "push", "-q", list).ok().line();
    String index = peers.rawManifest(list);
    assertThat(digest(index)).isEqualTo(digest);
    assertThat(index).doesNotContain("dev.coffer");
    assertThat(digests(index))
        .containsExactly(digest(peers.rawManifest(here)), digest(peers.rawManifest(other)));
    peers.docker().run("pull", list).ok();
    assertThat(
            peers
                .skopeo(
                    "copy",
                    "--all",
                    "--src-tls-verify=false",
                    "docker://" + list,
                    "dir:" + peers.directory().resolve("all"))
                .ok()
                .exitCode())
        .isZero();
    String copied = pushed("copy", "--all", "docker://" + list, "dir:" + peers.directory() + "/c");
    assertThat(copied).isEqualTo(digest);
    assertThat(pushed("copy", "--all", "dir:" + peers.directory() + "/all", "x/list:1"))
        .isEqualTo(digest);
  }

  @Test
  void dockersManifestsAreWrittenForThoseWhoWantThem() throws IOException {
    String name = peers.name("v2s2:1");
    String digest = pushed("push", "--format", "v2s2", BusyboxImage.NAME, name);
    String manifest = peers.rawManifest(name);
    assertThat(digest(manifest)).isEqualTo(digest);
    assertThat(manifest).contains("application/vnd.docker.distribution.manifest.v2+json");
    assertThat(manifest).doesNotContain("vnd.oci");
    assertThat(digests(peers.docker().run("pull", name).ok().out())).containsExactly(digest);
    comesInAndGoesOut(name);
    String back = pushed("copy", "--format", "oci", "docker://" + name, peers.name("oci-back:1"));
    coffer
        .run("copy", "--preserve-digests", "--format", "oci", "docker://" + name, "dir:no")
        .fails(1, "its digest would change from " + digest + " to " + back);
  }

  @Test
  void whatWasPulledForOnePlatformIsPushedAsDockerDoes() throws IOException {
    String many = peers.name("many:1");
    String member = peers.name("many-member:1");
    String container = peers.buildah("from", "--pull-never", "scratch").ok().line();
    peers.buildah("copy", container, peers.image().toString(), "/only-here").ok();
    peers.buildah("commit", "--rm", container, "member:1").ok();
    peers.buildah("push", "--tls-verify=false", "member:1", member).ok();
    coffer.run("manifest", "create", many, BusyboxImage.NAME).ok();
    coffer.run("manifest", "add", "--arch", "s390x", many, "docker://" + member).ok();
    String index = coffer.run("manifest", "push", "-p", "-q", many).ok().line();
    coffer.run("pull", many).ok();

    String elsewhere = peers.name("elsewhere:1");
    assertThat(coffer.run("push", many, elsewhere).ok().out()).contains("note: of index " + index);
    assertThat(peers.rawManifest(elsewhere)).contains("\"layers\"");
    String here = peers.name("many:2");
    assertThat(pushed("push", many, here)).isEqualTo(index);
    coffer
        .run("push", "--platform", "linux/s390x", many, elsewhere)
        .fails(1, "does not hold its image for platform linux/s390x");
  }

  @Test
  void theRegistryTellsAndForgets() {
    String name = peers.name("short:1");
    coffer.run("push", BusyboxImage.NAME, name).ok();
    assertThat(coffer.run("registry", "tags", peers.name("short")).ok().lines())
        .containsExactly("1");
    assertThat(coffer.run("registry", "referrers", name).ok().lines()).hasSize(1);
    coffer.run("registry", "rm", name).ok();
    coffer.run("manifest", "inspect", name).fails(1, "cannot inspect manifest", name);
    coffer.run("push", "no/such:1").fails(1, "cannot push \"no/such:1\"", "no such image");
  }
}

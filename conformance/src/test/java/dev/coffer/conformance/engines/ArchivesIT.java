package dev.coffer.conformance.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code commit}, {@code save} and {@code export} write of odd files, read by others. */
class ArchivesIT {
  private static final String NAME = "localhost/archived:1";
  private static final String LONG = "odd/" + "long".repeat(40) + "/" + "name".repeat(40);

  /** What a container does, from its root. */
  private static final String MAKE =
      """
      cd /; umask 022; mkdir -p odd/deep; echo 1 >odd/first; ln odd/first odd/second
      chmod 6751 odd/first; chown 123:3000000 odd/deep; chmod 1777 odd/deep
      ln -s ../../etc/passwd odd/link; mkfifo odd/pipe; mknod odd/null c 1 3
      truncate -s 8M odd/holes; echo end >>odd/holes; mkdir -p %s; echo 2 >%s/file
      echo 3 >"odd/ünï ☃"; rm bin/vi; touch -d @500 odd/first odd/deep odd/holes
      """
          .formatted(LONG, LONG);

  /** What is there, from its root. */
  private static final String SHOW =
      """
      cd /; export PATH=/bin
      stat -c '%%n %%a %%u:%%g %%F %%Y' odd/first odd/second odd/deep odd/holes odd/pipe odd/null
      stat -c '%%h %%s' odd/first odd/holes; stat -c '%%t:%%T' odd/null
      readlink odd/link; cat %s/file "odd/ünï ☃" odd/second; tail -c 4 odd/holes
      test -L bin/vi || echo gone
      """
          .formatted(LONG);

  private static ImagePeers peers;
  private static Coffer coffer;
  private static List<String> expected;
  private static Path saved;

  @BeforeAll
  static void make() throws IOException {
    peers = ImagePeers.open();
    coffer = peers.coffer();
    coffer.run("load", "-i", peers.image().toString()).ok();
    coffer
        .run("run", "--name", "maker", "--network", "none", BusyboxImage.NAME, "sh", "-c", MAKE)
        .ok();
    coffer.run("commit", "maker", NAME).ok();
    saved = peers.directory().resolve("archived.tar");
    coffer.run("save", "-o", saved.toString(), NAME).ok();
    expected = coffer.run("run", "--rm", "--network", "none", NAME, "sh", "-c", SHOW).ok().lines();
    assertThat(expected).contains("odd/first 6751 0:0 regular file 500", "2 2", "1:3", "gone");
  }

  @AfterAll
  static void close() {
    peers.close();
  }

  @Test
  void dockerLoads() {
    peers.docker().run("load", "-i", saved.toString()).ok();
    assertThat(peers.docker().runContainer("--rm", NAME, "sh", "-c", SHOW).ok().lines())
        .isEqualTo(expected);
  }

  @Test
  void podmanLoads() {
    peers.podman().run("load", "-i", saved.toString()).ok();
    assertThat(peers.podman().runContainer("--rm", NAME, "sh", "-c", SHOW).ok().lines())
        .isEqualTo(expected);
  }

  @Test
  void skopeoCopiesBothFormsAndUmociUnpacks() throws IOException {
    String layout = peers.directory().resolve("layout").toString();
    peers.skopeo("copy", "oci-archive:" + saved, "oci:" + layout + ":1").ok();
    Path directory = peers.directory().resolve("dir");
    peers.skopeo("copy", "docker-archive:" + saved, "dir:" + directory).ok();
    assertThat(directory.resolve("manifest.json")).exists();
    Path bundle = peers.directory().resolve("bundle");
    peers.umoci("unpack", "--image", layout + ":1", bundle.toString()).ok();
    assertThat(show(bundle.resolve("rootfs"))).isEqualTo(expected);
  }

  @Test
  void tarAndBsdtarExtractWhatIsExported() throws IOException {
    Path exported = peers.directory().resolve("exported.tar");
    coffer.run("export", "-o", exported.toString(), "maker").ok();
    for (String tar : List.of("tar", "bsdtar")) {
      Path root = Files.createDirectory(peers.directory().resolve("by-" + tar));
      Result result =
          run(tar, "--numeric-owner", "-xpf", exported.toString(), "-C", root.toString());
      assertThat(result.ok().err()).as("what %s complains of", tar).isEmpty();
      assertThat(show(root)).as(tar).isEqualTo(expected);
      assertThat(run(tar, "-tf", exported.toString()).ok().lines()).contains("odd/link");
    }
  }

  private static List<String> show(Path root) throws IOException {
    return run("chroot", root.toString(), "/bin/sh", "-c", SHOW).ok().lines();
  }

  private static Result run(String... command) throws IOException {
    return Coffer.finish(new ProcessBuilder(command).start(), new byte[0]);
  }
}

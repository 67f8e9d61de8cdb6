package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What containers do whose root file systems are copies, where no overlay can be had. */
class NativeCopyIT {
  private static Coffer coffer;

  @BeforeAll
  static void open() throws IOException {
    coffer = Coffer.open();
    Files.writeString(coffer.root().resolve("snapshotter"), "copy\n");
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @Test
  void aContainerRunsAndKeepsItsFilesAcrossRestartAndEngine() {
    assertThat(coffer.run("info", "-f", "{{.Driver}}").ok().line()).isEqualTo("copy");
    coffer.run("run", "-d", "--name", "web", "busybox", "sleep", "1000").ok();
    assertThat(coffer.run("inspect", "-f", "{{.Driver}} {{.GraphDriver.Name}}", "web").ok().line())
        .isEqualTo("copy copy");
    coffer
        .run(
            "exec",
            "web",
            "sh",
            "-c",
            "echo 1 >/etc/made; echo joe:x:77:77::/:/bin/sh >>/etc/passwd")
        .ok();
    coffer.run("restart", "-t", "0", "web").ok();
    assertThat(coffer.run("exec", "-u", "joe", "web", "id", "-u").ok().line()).isEqualTo("77");
    coffer.run("engine", "stop").ok();
    assertThat(coffer.run("exec", "web", "cat", "/etc/made").ok().line()).isEqualTo("1");
    assertThat(coffer.run("ps", "-s", "--format", "{{.Names}} {{.Size}}").ok().line())
        .startsWith("web ");
    coffer.run("rm", "-f", "web").ok();
    assertThat(coffer.root().resolve("containers")).isEmptyDirectory();
  }

  @Test
  void itIsThrownAwayWithTheContainer() {
    assertThat(
            coffer.run("run", "--rm", "busybox", "sh", "-c", "echo x >/new; cat /new").ok().line())
        .isEqualTo("x");
    assertThat(coffer.run("run", "--rm", "busybox", "sh", "-c", "ls /new").exitCode()).isEqualTo(1);
    assertThat(coffer.run("run", "--rm", "--read-only", "busybox", "touch", "/x").exitCode())
        .isEqualTo(1);
    coffer.run("run", "-d", "--rm", "--name", "again", "busybox", "sleep", "1000").ok();
    coffer.run("restart", "-t", "0", "again").ok();
    coffer.run("rm", "-f", "again").ok();
    assertThat(coffer.root().resolve("containers")).isEmptyDirectory();
  }

  @Test
  void changesAreShownCommittedAndExported() throws IOException {
    String program =
        "rm /bin/vi; mkdir -p /new/deep; echo 1 >/new/f; ln /new/f /new/g; chmod 700 /tmp";
    coffer.run("run", "--name", "work", "-v", "/data", "busybox", "sh", "-c", program).ok();
    assertThat(coffer.run("diff", "work").ok().lines())
        .contains("C /bin", "D /bin/vi", "A /new", "A /new/deep", "A /new/f", "A /new/g")
        .doesNotContain("A /etc/hosts", "A /proc", "C /etc", "A /etc/mtab");
    coffer.run("commit", "work", "test/work:1").ok();
    coffer.run("create", "--name", "copy", "test/work:1").ok();
    assertThat(coffer.run("diff", "copy").ok().out()).isEmpty();
    byte[] tree = export("work");
    assertThat(tree).isEqualTo(export("copy"));
    String check = "stat -c '%h' /new/f; ls /bin/vi";
    assertThat(coffer.run("run", "--rm", "test/work:1", "sh", "-c", check).lines())
        .containsExactly("2");
    coffer.run("rm", "work", "copy").ok();
    coffer.run("rmi", "test/work:1").ok();
  }

  @Test
  void aContainerKeepsItsKindWhenTheSettingChanges() throws IOException {
    Path setting = coffer.root().resolve("snapshotter");
    coffer.run("run", "--name", "old", "busybox", "sh", "-c", "echo 1 >/kept").ok();
    byte[] before = export("old");
    coffer.run("engine", "stop").ok();
    Files.delete(setting);
    try {
      assertThat(coffer.run("info", "-f", "{{.Driver}}").ok().line()).isEqualTo("overlay");
      coffer.run("run", "--name", "new", "busybox", "sh", "-c", "echo 1 >/kept").ok();
      assertThat(coffer.run("diff", "old").ok().lines()).containsExactly("A /kept");
      assertThat(coffer.run("diff", "new").ok().lines()).containsExactly("A /kept");
      coffer.run("start", "old", "new").ok();
      assertThat(coffer.run("wait", "old", "new").ok().lines()).containsExactly("0", "0");
      assertThat(export("old")).isEqualTo(before).isEqualTo(export("new"));
      coffer.run("rm", "old", "new").ok();
    } finally {
      Files.writeString(setting, "copy\n");
      coffer.run("engine", "stop").ok();
    }
  }

  @Test
  void basesOfImagesThatAreGoneGoToo() {
    coffer.run("run", "--name", "maker", "busybox", "sh", "-c", "echo 1 >/x").ok();
    coffer.run("commit", "maker", "test/base:1").ok();
    coffer.run("rm", "maker").ok();
    coffer.run("run", "--rm", "test/base:1", "true").ok();
    String id = coffer.run("image", "inspect", "-f", "{{.Id}}", "test/base:1").ok().line();
    Path base = coffer.root().resolve("bases").resolve(id.substring("sha256:".length()));
    assertThat(base).isDirectory();
    coffer.run("rmi", "test/base:1").ok();
    coffer.run("engine", "stop").ok();
    coffer.run("ps").ok();
    assertThat(base).doesNotExist();
  }

  private static byte[] export(String container) throws IOException {
    Path file = coffer.directory().resolve(container + ".tar");
    coffer.run("export", "--timestamp", "1000", "-o", file.toString(), container).ok();
    return Files.readAllBytes(file);
  }
}

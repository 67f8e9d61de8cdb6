package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code diff}, {@code export} and {@code commit} of what real containers did. */
class ContainerFilesIT {
  private static final String BASE = "test/files:1";

  /** A capability set of version 2: effective, permitted cap_net_raw (linux/capability.h). */
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static Coffer coffer;

  @BeforeAll
  static void makeBase() throws IOException {
    coffer = Coffer.open();
    Map<String, byte[]> attributes = new TreeMap<>();
    attributes.put("SCHILY.xattr.security.capability", CAPABILITY);
    attributes.put("SCHILY.xattr.user.note", new byte[] {0, 1, '\n', 2});
    byte[] archive =
        new TarBuilder()
            .directory("bin/")
            .entry("bin/busybox", '0', busybox(), h -> h.mode(0755))
            .symbolicLink("bin/sh", "busybox")
            .pax(attributes)
            .entry("tool", '0', new byte[] {1, 2, 3}, h -> h.mode(0755))
            .file("dir/a", "a")
            .file("dir/sub/b", "b")
            .file("full/x", "x")
            .file("full/y", "y")
            .file("gone", "1")
            .build();
    Path file = coffer.directory().resolve("base.tar");
    Files.write(file, archive);
    coffer.run("import", file.toString(), BASE).ok();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @Test
  void aCommittedTreeIsTheContainersOwn() throws IOException {
    String program =
        """
        export PATH=/bin; alias b=busybox
        busybox ln /tool /tool2
        busybox mkdir -p /new/deep/er && echo 1 >/new/f && busybox ln /new/f /new/g
        busybox chmod 6751 /new/f && busybox chown 123:70000 /new/deep
        busybox rm /gone && busybox mv /dir/sub /moved
        busybox rm -r /full && busybox mkdir /full && echo z >/full/z
        busybox mkfifo /new/pipe && busybox mknod /new/null c 1 3
        busybox ln -s ../../etc/passwd /new/link
        busybox truncate -s 3000000000 /new/holes
        busybox touch -d @500 /new/g /new/deep
        """;
    coffer.run("run", "--name", "tree", BASE, "sh", "-c", program).ok();
    assertThat(coffer.run("diff", "tree").ok().lines())
        .contains("C /dir", "D /dir/sub", "C /full", "D /full/x", "A /full/z", "D /gone")
        .contains("A /moved", "A /moved/b", "A /new/deep/er", "A /tool2")
        .doesNotContain("C /tool", "A /gone");
    String id = coffer.run("commit", "tree", "test/tree:1").ok().line();
    assertThat(id).matches("sha256:[0-9a-f]{64}");
    coffer.run("create", "--name", "copy", "test/tree:1").ok();
    assertThat(coffer.run("diff", "copy").ok().out()).isEmpty();
    byte[] tree = export("tree");
    assertThat(tree).isEqualTo(export("copy"));
    assertThat(count(tree, CAPABILITY)).isEqualTo(1);
    assertThat(tree.length).isLessThan(20_000_000);
    String program2 = "busybox stat -c '%a %h %u:%g %Y' /new/f /new/deep /tool2";
    assertThat(coffer.run("run", "--rm", "test/tree:1", "sh", "-c", program2).ok().lines())
        .containsExactly("6751 2 0:0 500", "755 3 123:70000 500", "755 2 0:0 1000000000");
  }

  @Test
  void aRunningContainerIsPausedAndGoesOnWhateverHappens() {
    coffer.run("run", "-d", "--name", "busy", BASE, "busybox", "sleep", "1000").ok();
    coffer.run("exec", "busy", "sh", "-c", "echo 1 >/made").ok();
    coffer.run("commit", "busy", "test/busy:1").ok();
    assertRunning();
    coffer.run("exec", "busy", "sh", "-c", "echo 1 >/.wh.made").ok();
    coffer.run("commit", "busy").fails(1, "cannot commit container \"busy\"", "\"/.wh.made\"");
    assertRunning();
    coffer.run("commit", "-c", "FROM scratch", "busy").fails(1, "invalid change");
    assertRunning();
    coffer.run("run", "--rm", "test/busy:1", "busybox", "test", "-f", "/made").ok();
    coffer.run("pause", "busy").ok();
    coffer.run("diff", "busy").ok();
    assertThat(coffer.run("inspect", "-f", "{{.State.Paused}}", "busy").ok().line())
        .isEqualTo("true");
    coffer.run("rm", "-f", "busy").ok();
  }

  @Test
  void aContainerGoesOnWhenTheEngineIsKilledWhileItIsCommitted() throws IOException {
    for (String rm : new String[] {"--rm=false", "--rm"}) {
      coffer.run("run", "-d", rm, "--name", "held", BASE, "busybox", "sleep", "1000").ok();
      String fill = "busybox dd if=/dev/urandom of=/noise bs=1M count=100 2>/dev/null";
      coffer.run("exec", "held", "sh", "-c", fill).ok();
      Process commit = coffer.start("commit", "held", "test/held:1");
      Coffer.eventually(() -> state("held").equals("true true"));
      ProcessHandle.of(coffer.enginePid()).orElseThrow().destroyForcibly();
      assertThat(Coffer.finish(commit, new byte[0]).exitCode()).isNotZero();
      assertThat(state("held")).isEqualTo("true false");
      coffer.run("exec", "held", "busybox", "rm", "/noise").ok();
      coffer.run("image", "inspect", "test/held:1").fails(1, "no such image");
      coffer.run("pause", "held").ok();
      ProcessHandle.of(coffer.enginePid()).orElseThrow().destroyForcibly();
      assertThat(state("held")).as("what a user paused").isEqualTo("true true");
      coffer.run("rm", "-f", "held").ok();
    }
  }

  private static void assertRunning() {
    assertThat(state("busy")).isEqualTo("true false");
  }

  private static String state(String container) {
    String format = "{{.State.Running}} {{.State.Paused}}";
    return coffer.run("inspect", "-f", format, container).ok().line();
  }

  @Test
  void aCommittedImageHasTheContainersConfigAndTheChanges() {
    coffer.run("run", "--name", "conf", "-e", "A=1", "-l", "x=y", "-w", "/dir", BASE, "sh").ok();
    String[] commit = {
      "commit",
      "-a",
      "me",
      "-m",
      "why",
      "-c",
      "ENV B=\"2 3\"",
      "-c",
      "EXPOSE 80",
      "-c",
      "USER 5",
      "conf",
      "test/conf"
    };
    coffer.run(commit).ok();
    String format =
        "{{.Author}} {{.Config.WorkingDir}} {{json .Config.Env}} {{json .Config.Cmd}}"
            + " {{json .Config.Labels}} {{.Config.User}} {{json .Config.ExposedPorts}}";
    assertThat(coffer.run("image", "inspect", "-f", format, "test/conf").ok().line())
        .contains("me /dir ", "\"A=1\"", "\"B=2 3\"", "[\"sh\"]", "{\"x\":\"y\"} 5", "80/tcp");
    assertThat(coffer.run("history", "--format", "{{.Comment}}", "test/conf").ok().lines())
        .startsWith("why");
  }

  @Test
  void equalChangesGiveEqualImagesAtAGivenTime() {
    for (String name : new String[] {"first", "second"}) {
      coffer.run("run", "--name", name, BASE, "sh", "-c", "echo 1 >/x; busybox rm -r /full").ok();
    }
    String first = coffer.run("commit", "--timestamp", "1700000000", "first").ok().line();
    assertThat(coffer.run("commit", "--timestamp", "1700000000", "second").ok().line())
        .isEqualTo(first);
    Process other = coffer.start(Map.of("SOURCE_DATE_EPOCH", "1700000000"), "commit", "second");
    assertThat(Coffer.finish(other, new byte[0]).ok().line()).isEqualTo(first);
    assertThat(coffer.run("image", "inspect", "-f", "{{.Created}}", first).ok().line())
        .isEqualTo("2023-11-14T22:13:20Z");
  }

  @Test
  void nothingChangedIsNoLayer() {
    coffer.run("create", "--name", "idle", BASE, "sh").ok();
    coffer.run("commit", "idle", "test/idle").ok();
    String layers = "{{len .RootFS.Layers}}";
    assertThat(coffer.run("image", "inspect", "-f", layers, "test/idle").ok().line())
        .isEqualTo("1");
    coffer.run("diff", "no-such-container").fails(1, "no such container");
    coffer.run("export", "-o", "no/such/dir", "idle").fails(1, "no such directory");
  }

  private static byte[] export(String container) throws IOException {
    Path file = coffer.directory().resolve(container + ".tar");
    coffer.run("export", "--timestamp", "1000", "-o", file.toString(), container).ok();
    return Files.readAllBytes(file);
  }

  private static int count(byte[] in, byte[] wanted) {
    int count = 0;
    for (int i = 0; i + wanted.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + wanted.length, wanted, 0, wanted.length)) {
        count++;
      }
    }
    return count;
  }

  private static byte[] busybox() throws IOException {
    return Files.readAllBytes(Path.of("/bin/busybox"));
  }
}

package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Images on the host's file system. Engine and commands are in a mount namespace of their own, so
 * that the host's has nothing of it at any time.
 */
class ImageMountIT {
  private Process holder;
  private Coffer coffer;
  private Process engine;

  @BeforeEach
  void open() throws IOException {
    holder =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "echo here; exec sleep 1000")
            .start();
    assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("here");
    coffer =
        Coffer.open(
            List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt", "--wd=/tmp", "--"));
    serve();
    coffer
        .run(
            "create", "--name", "maker", "--network", "none", "busybox", "sh", "-c", "echo hi >/hi")
        .ok();
    coffer.run("start", "-a", "maker").ok();
    coffer.run("commit", "maker", "app:1").ok();
    coffer.run("rm", "maker").ok();
  }

  @AfterEach
  void close() throws Exception {
    coffer.run("image", "unmount", "--all", "--force").ok();
    assertThat(mounts()).isEmpty();
    coffer.close();
    assertThat(engine.waitFor()).isZero();
    holder.destroy();
    assertThat(holder.waitFor()).isNotZero();
  }

  private void serve() throws IOException {
    engine = coffer.start("serve");
    BufferedReader said = engine.errorReader(StandardCharsets.UTF_8);
    assertThat(said.readLine()).contains("serving");
  }

  /** The mounts of the data root in the namespace. */
  private List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + holder.pid() + "/mountinfo")).stream()
        .filter(line -> line.contains(coffer.root() + "/mounts/"))
        .toList();
  }

  /** A path of the namespace, from here. */
  private Path there(String path) {
    return Path.of("/proc/" + holder.pid() + "/root" + path);
  }

  private String mount(String image) {
    return coffer.run("image", "mount", image).ok().line();
  }

  @Test
  void anImageIsSeenAsItIsAndCannotBeChanged() throws IOException {
    String path = mount("app:1");
    assertThat(there(path).resolve("hi")).hasContent("hi\n");
    assertThat(there(path).resolve("bin/busybox")).isRegularFile();
    assertThat(mounts()).singleElement().asString().contains(" ro,nosuid,nodev");
    assertThat(mount("app:1")).isEqualTo(path);
    assertThat(mounts()).hasSize(1);
    assertThat(coffer.run("image", "mount").ok().lines()).containsExactly("app:1   " + path);

    assertThat(mount("busybox")).isNotEqualTo(path);
    assertThat(mounts()).hasSize(2);
    String id = coffer.run("image", "inspect", "-f", "{{.Id}}", "app:1").ok().line();
    assertThat(coffer.run("image", "unmount", "app:1").ok().line()).isEqualTo(id);
    assertThat(there(path)).doesNotExist();
    assertThat(coffer.run("image", "unmount", "app:1").ok().out()).isEmpty();
    assertThat(mounts()).hasSize(1);
  }

  @Test
  void aMountedImageStaysWhateverIsRemoved() throws IOException {
    String path = mount("app:1");
    coffer.run("tag", "app:1", "app:2").ok();
    coffer.run("rmi", "app:2").ok();
    for (String option : List.of("--force", "--no-prune")) {
      coffer.run("rmi", option, "app:1").fails(1, "cannot remove image \"app:1\"", "it is mounted");
    }
    coffer.run("image", "prune", "--all", "--force").ok();
    coffer
        .run("commit", coffer.run("create", "--network", "none", "busybox").ok().line(), "app:1")
        .ok();
    coffer.run("image", "prune", "--force").ok();
    assertThat(there(path).resolve("hi")).hasContent("hi\n");
    assertThat(coffer.run("image", "mount").ok().line()).endsWith(path);
    coffer.run("image", "unmount", "--all").ok();
    coffer.run("image", "prune", "--force").ok();
    assertThat(coffer.run("images", "-f", "dangling=true", "-q").ok().out()).isEmpty();
  }

  @Test
  void mountsOutliveEnginesAndNoneIsLeftOfAnImageThatIsGone() throws Exception {
    String path = mount("app:1");
    coffer.run("engine", "stop").ok();
    assertThat(engine.waitFor()).isZero();
    assertThat(there(path).resolve("hi")).hasContent("hi\n");
    serve();
    assertThat(coffer.run("image", "mount").ok().lines()).containsExactly("app:1   " + path);

    mount("busybox");
    ProcessHandle.of(coffer.enginePid()).orElseThrow().destroyForcibly();
    engine.waitFor();
    Path half = Files.createDirectory(coffer.root().resolve("mounts").resolve("ef".repeat(32)));
    // As if the power had gone, and the image's record with it.
    Coffer.delete(coffer.root().resolve("images"));
    serve();
    assertThat(mounts()).isEmpty();
    assertThat(half.getParent()).isEmptyDirectory();
    assertThat(coffer.run("image", "mount").ok().out()).isEmpty();
  }

  @Test
  void whatIsInUseIsUnmountedByForceAlone() throws Exception {
    String path = mount("app:1");
    Process user = sleeperIn(path);
    try {
      coffer.run("image", "unmount", "app:1").fails(1, "cannot unmount image \"app:1\"", "--force");
      assertThat(mounts()).hasSize(1);
      coffer.run("image", "unmount", "--force", "app:1").ok();
      assertThat(mounts()).isEmpty();
    } finally {
      user.destroy();
      assertThat(user.waitFor()).isNotZero();
    }
  }

  private Process sleeperIn(String path) throws IOException {
    Process user =
        new ProcessBuilder(
                "nsenter",
                "--mount=/proc/" + holder.pid() + "/ns/mnt",
                "sh",
                "-c",
                "cd \"$1\" && echo here && exec sleep 1000",
                "sh",
                path)
            .start();
    assertThat(user.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("here");
    return user;
  }

  @Test
  void whatWasUnmountedByHandIsNoticed() throws IOException, InterruptedException {
    String path = mount("app:1");
    Process byHand =
        new ProcessBuilder("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt", "umount", path)
            .start();
    assertThat(byHand.waitFor()).isZero();
    assertThat(coffer.run("image", "mount").ok().out()).isEmpty();
    assertThat(mount("app:1")).isEqualTo(path);
    assertThat(there(path).resolve("hi")).hasContent("hi\n");
  }

  @Test
  void treeTellsWhatIsShared() {
    assertThat(coffer.run("image", "tree", "app:1").ok().lines())
        .hasSize(6)
        .anyMatch(
            line -> line.startsWith("├── ID: ") && line.endsWith("Top Layer of: [busybox:latest]"))
        .anyMatch(
            line -> line.startsWith("└── ID: ") && line.endsWith("Size: 3B Top Layer of: [app:1]"));
    assertThat(coffer.run("image", "tree", "--whatrequires", "busybox").ok().lines())
        .anyMatch(line -> line.startsWith("    └── ID: ") && line.endsWith("[app:1]"));
  }
}

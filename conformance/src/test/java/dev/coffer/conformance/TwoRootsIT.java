package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.powercut.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two data roots on one machine, with an engine each, and a third one whose images both use. */
class TwoRootsIT {
  private static final List<String> IMAGES = List.of("content", "images", "layers");

  private final List<Coffer> both = new ArrayList<>();
  private Coffer one;
  private Coffer other;

  @BeforeEach
  void open() {
    one = Coffer.open();
    other = Coffer.open();
    both.addAll(List.of(one, other));
  }

  @AfterEach
  void close() {
    both.forEach(Coffer::close);
  }

  @Test
  void equalNamesAreDifferentContainersAndOneEngineLeavesTheOthersAlone() {
    String[] run = {"run", "-d", "--name", "web", "--hostname", "web", "-v", "data:/data"};
    for (Coffer each : both) {
      List<String> words = new ArrayList<>(List.of(run));
      words.addAll(List.of("busybox", "sleep", "1000"));
      each.run(words.toArray(String[]::new)).ok();
    }
    one.run("exec", "web", "sh", "-c", "echo one >/data/who; echo one >/who").ok();
    other.run("exec", "web", "sh", "-c", "echo other >/data/who; echo other >/who").ok();
    assertThat(one.run("exec", "web", "cat", "/who", "/data/who").ok().lines())
        .containsExactly("one", "one");
    assertThat(one.enginePid()).isNotEqualTo(other.enginePid());
    // An engine sweeps what it takes for orphans when it starts.
    ProcessHandle.of(one.enginePid()).orElseThrow().destroyForcibly();
    one.run("rm", "-f", "-v", "web").ok();
    one.run("engine", "restart").ok();
    assertThat(one.run("ps", "-aq").ok().out()).isEmpty();
    assertThat(other.run("exec", "web", "cat", "/who", "/data/who").ok().lines())
        .containsExactly("other", "other");
    assertThat(other.run("ps", "--format", "{{.Names}}").ok().line()).isEqualTo("web");
  }

  @Test
  void theImagesOfAThirdRootAreUsedByBothAndChangedByNone() throws IOException {
    Path shared;
    List<String> before;
    try (Coffer third = Coffer.open()) {
      shared = third.root();
      third.run("run", "--name", "maker", "busybox", "sh", "-c", "echo 1 >/shared").ok();
      third.run("commit", "maker", "test/shared:1").ok();
      third.run("rm", "maker").ok();
      third.run("engine", "stop").ok();
      before = files(shared);
      for (Coffer each : both) {
        Files.writeString(each.root().resolve("additional-stores"), shared + "\n");
      }
      String[] run = {"run", "-d", "--name", "user", "test/shared:1", "sleep", "1000"};
      List<Process> starting = both.stream().map(each -> each.start(run)).toList();
      starting.forEach(process -> Coffer.finish(process, new byte[0]).ok());
      for (Coffer each : both) {
        each.run("exec", "user", "sh", "-c", "rm /shared; echo 2 >/own").ok();
        each.run("commit", "user", "test/own:1").ok();
        assertThat(each.run("image", "check").ok().out()).isNotEmpty();
        assertThat(each.run("run", "--rm", "test/own:1", "cat", "/own").ok().line()).isEqualTo("2");
        each.run("run", "--rm", "test/shared:1", "cat", "/shared").ok();
        each.run("rm", "-f", "user").ok();
        each.run("rmi", "test/own:1").ok();
        each.run("rmi", "-f", "test/shared:1").fails(1, "read-only");
        each.run("engine", "stop").ok();
      }
      assertThat(files(shared)).isEqualTo(before);
    }
  }

  private static List<String> files(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String each : IMAGES) {
      lines.addAll(TreeText.of(root.resolve(each), true));
    }
    return lines;
  }
}

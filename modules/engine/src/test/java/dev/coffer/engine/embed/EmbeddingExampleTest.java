package dev.coffer.engine.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of the page on embedding compiles, because it stands here, too. */
class EmbeddingExampleTest {

  // example
  static int example(Path dataRoot) {
    try (Coffer coffer = Coffer.open(dataRoot)) {
      Coffer.Result result = coffer.run("busybox", "echo", "hello");
      System.out.print(result.output());
      return result.exitCode();
    }
  }

  @Test
  void thePageShowsIt() throws IOException {
    String source =
        Files.readString(
            Path.of("src/test/java/dev/coffer/engine/embed/EmbeddingExampleTest.java"));
    int begin = source.indexOf("    try (Coffer");
    String example = source.substring(begin, source.indexOf("\n    }\n", begin) + 6);
    String page = Files.readString(Path.of("../../docs/embedding.md"));
    assertThat(page).contains(example.stripIndent());
  }
}

package dev.coffer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documentation names things that are there. */
class DocumentationTest {

  private static final Pattern LINK = Pattern.compile("]\\(([^)#: ]+)(#[^)]*)?\\)");
  private static final Pattern SOURCE =
      Pattern.compile(
          "`((?:[\\w.-]+/)*[\\w-]+\\.[ch]|[\\w-]+/(?:[\\w-]+/)*[A-Z]\\w+|modules/[\\w/-]+)`");

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher matcher = LINK.matcher(Files.readString(page));
      while (matcher.find()) {
        links++;
        if (!Files.exists(page.resolveSibling(matcher.group(1)))) {
          broken.add(root().relativize(page) + ": " + matcher.group(1));
        }
      }
    }
    assertThat(links).isPositive();
    assertThat(broken).isEmpty();
  }

  /** A source is named by the end of its path, a Java class without {@code .java}. */
  @Test
  void theArchitecturesFilesExist() throws IOException {
    List<String> sources = sources();
    List<String> missing = new ArrayList<>();
    Matcher matcher = SOURCE.matcher(Files.readString(root().resolve("ARCHITECTURE.md")));
    int named = 0;
    while (matcher.find()) {
      String name = "/" + matcher.group(1);
      named++;
      if (sources.stream()
          .noneMatch(
              path ->
                  path.endsWith(name)
                      || path.endsWith(name + ".java")
                      || path.contains(name + "/"))) {
        missing.add(matcher.group(1));
      }
    }
    assertThat(named).isGreaterThan(20);
    assertThat(missing).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(root());
        Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      return Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> modules = Files.walk(root().resolve("modules"));
        Stream<Path> helper = Files.walk(root().resolve("native"))) {
      return Stream.concat(modules, helper)
          .filter(path -> !path.toString().contains("/target/") && Files.isRegularFile(path))
          .map(Path::toString)
          .toList();
    }
  }

  private static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("style-ratchet.txt"))) {
      path = path.getParent();
    }
    return path;
  }
}

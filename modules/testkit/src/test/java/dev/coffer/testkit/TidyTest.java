package dev.coffer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Style that the compiler does not check, as a test with a ratchet: {@code style-ratchet.txt} lists
 * the files that are larger than they should be, with their size. A file on the list may shrink but
 * not grow, and no file may join it.
 */
class TidyTest {

  private static final int JAVA_LINES = 600;
  private static final int C_LINES = 500;
  private static final int C_FUNCTION_LINES = 70;

  /** What must not be written in main code, and what to write instead. */
  private static final List<Ban> BANS =
      List.of(
          new Ban("\\b(TODO|FIXME|XXX)\\b", "do it, or make it an error that says so"),
          new Ban("\\bThread\\.sleep\\(", "wait for the event itself, with a deadline"),
          new Ban("\\.printStackTrace\\(\\)", "System.Logger, or an exception with a message"),
          new Ban("\\bSystem\\.exit\\(", "return an exit code; only a main leaves", "Main.java"),
          new Ban(
              "\\bnew ProcessBuilder\\b|Runtime\\.getRuntime\\(\\)\\.exec",
              "kernel's Spawn",
              "DebianRegistry.java"),
          new Ban(
              "\\bstatic (?!final\\b|\\w+ final\\b)[\\w<>\\[\\]., ]+ \\w+\\s*(=|;)",
              "no static state"),
          new Ban(
              "\\bstatic final (System\\.)?Logger\\b",
              "System.getLogger where it logs: the first logger is 40 ms of every start"));

  private record Ban(String pattern, String instead, String except) {
    Ban(String pattern, String instead) {
      this(pattern, instead, "\0");
    }
  }

  @Test
  void filesStaySmall() throws IOException {
    Path root = root();
    Map<String, Integer> allowed = ratchet(root);
    Map<String, Integer> tooLarge = new TreeMap<>();
    for (Path file : sources(root, ".java", ".c", ".h")) {
      int lines = lines(file).size();
      String name = root.relativize(file).toString();
      int most = allowed.getOrDefault(name, name.endsWith(".java") ? JAVA_LINES : C_LINES);
      if (lines > most) {
        tooLarge.put(name, lines);
      }
    }
    assertThat(tooLarge).as("files over their limit; split them by what they decide").isEmpty();
  }

  @Test
  void ratchetOnlyTightens() throws IOException {
    Path root = root();
    List<String> loose = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : ratchet(root).entrySet()) {
      Path file = root.resolve(entry.getKey());
      if (!Files.exists(file) || lines(file).size() < entry.getValue()) {
        loose.add(entry.getKey());
      }
    }
    assertThat(loose).as("lower or remove these in style-ratchet.txt").isEmpty();
  }

  @Test
  void functionsOfTheHelperStaySmall() throws IOException {
    Path root = root();
    List<String> tooLarge = new ArrayList<>();
    for (Path file : sources(root, ".c")) {
      if (file.toString().contains("/tests/")) {
        continue;
      }
      List<String> lines = lines(file);
      int start = -1;
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).equals("{")) {
          start = i;
        } else if (lines.get(i).equals("}") && start >= 0) {
          if (i - start - 1 > C_FUNCTION_LINES) {
            tooLarge.add(root.relativize(file) + ":" + (start + 1) + ": " + (i - start - 1));
          }
          start = -1;
        }
      }
    }
    assertThat(tooLarge).as("functions of more than " + C_FUNCTION_LINES + " lines").isEmpty();
  }

  @Test
  void nothingBannedIsWritten() throws IOException {
    Path root = root();
    List<String> found = new ArrayList<>();
    for (Ban ban : BANS) {
      Pattern pattern = Pattern.compile(ban.pattern());
      for (Path file : sources(root, ".java")) {
        if (!file.toString().contains("/src/main/") || file.toString().endsWith(ban.except())) {
          continue;
        }
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
          boolean isComment = lines.get(i).strip().startsWith("*");
          if (!isComment && pattern.matcher(lines.get(i)).find()) {
            found.add(
                root.relativize(file)
                    + ":"
                    + (i + 1)
                    + ": "
                    + lines.get(i).strip()
                    + " — instead: "
                    + ban.instead());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static Map<String, Integer> ratchet(Path root) throws IOException {
    Map<String, Integer> allowed = new HashMap<>();
    for (String line : lines(root.resolve("style-ratchet.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.split("\\s+");
        allowed.put(words[0], Integer.parseInt(words[1]));
      }
    }
    return allowed;
  }

  private static List<Path> sources(Path root, String... endings) throws IOException {
    try (Stream<Path> modules = Files.walk(root.resolve("modules"));
        Stream<Path> helper = Files.walk(root.resolve("native"))) {
      return Stream.concat(modules, helper)
          .filter(path -> !path.toString().contains("/target/"))
          .filter(path -> Stream.of(endings).anyMatch(path.toString()::endsWith))
          .sorted()
          .toList();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

package dev.coffer.engine.state;

import dev.coffer.kernel.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The containers that were at rest when the engine was closed: nothing of them can have changed
 * until the next one opens, which need not read them before its first answer.
 *
 * <p>It is a cache. Whoever takes it takes it away, so that an engine that was not closed leaves
 * none; one that is torn or of another version counts as none. Without it everything is read.
 */
public final class IndexSnapshot {

  private static final String HEADER = "coffer-index 1";
  private static final String END = "end ";

  private final Path file;

  /** The snapshot of a data root. */
  public IndexSnapshot(Path dataRoot) {
    this.file = dataRoot.resolve("containers.index");
  }

  /** Names by id; empty where there is no snapshot to rely on. It is gone afterwards. */
  public Map<String, String> take() throws IOException {
    List<String> lines;
    try {
      lines = Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException none) {
      return Map.of();
    } catch (CharacterCodingException torn) {
      lines = List.of();
    }
    Files.deleteIfExists(file);
    return parse(lines);
  }

  private static Map<String, String> parse(List<String> lines) {
    int count = lines.size() - 2;
    if (count < 0 || !lines.getFirst().equals(HEADER) || !lines.getLast().equals(END + count)) {
      return Map.of();
    }
    Map<String, String> names = HashMap.newHashMap(count);
    for (String line : lines.subList(1, lines.size() - 1)) {
      int space = line.indexOf(' ');
      if (space <= 0) {
        return Map.of();
      }
      names.put(line.substring(0, space), line.substring(space + 1));
    }
    return names;
  }

  /** Writes names by id, for the next engine. */
  public void write(Map<String, String> names) throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    names.forEach((id, name) -> text.append(id).append(' ').append(name).append('\n'));
    text.append(END).append(names.size()).append('\n');
    AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8), false);
  }
}

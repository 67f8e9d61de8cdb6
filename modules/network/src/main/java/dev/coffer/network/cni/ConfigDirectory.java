package dev.coffer.network.cni;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where the networks of a host are configured: files {@code *.conflist}, {@code *.conf} and {@code
 * *.json}. Of several with the same network the first by the file's name counts.
 *
 * @param path such as {@code /etc/cni/net.d}; need not be there
 */
public record ConfigDirectory(Path path) {

  /** Files that are larger are no configurations. */
  private static final long MAX_BYTES = 1 << 20;

  /**
   * What was found.
   *
   * @param networks in the order of their files
   * @param problems of other files, one line each
   */
  public record Found(List<NetworkList> networks, List<String> problems) {
    public Found {
      networks = List.copyOf(networks);
      problems = List.copyOf(problems);
    }
  }

  /** Reads all of them; a file that is wrong takes nothing from the others. */
  public Found read() throws IOException {
    Map<String, NetworkList> networks = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Path file : files(path, ConfigDirectory::isConfig)) {
      try {
        NetworkList list = read(file);
        networks.putIfAbsent(list.name(), list);
      } catch (NoSuchFileException removed) {
        // Just now.
      } catch (SpecException e) {
        problems.add(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        problems.add("cannot read " + file + ": " + e.getMessage());
      }
    }
    return new Found(List.copyOf(networks.values()), problems);
  }

  private NetworkList read(Path file) throws IOException {
    JsonCursor cursor = cursor(file);
    boolean inlined = cursor.field("loadOnlyInlinedPlugins").boolOrFalse();
    if (inlined || !file.toString().endsWith(".conflist")) {
      return NetworkList.of(cursor, List.of());
    }
    List<JsonCursor> more = new ArrayList<>();
    String name = cursor.field("name").stringOrEmpty();
    boolean plain = !name.isEmpty() && !name.contains("/") && !name.startsWith(".");
    if (plain) {
      for (Path each : files(path.resolve(name), other -> other.endsWith(".conf"))) {
        more.add(cursor(each));
      }
    }
    return NetworkList.of(cursor, more);
  }

  private static JsonCursor cursor(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw new IOException("no file of at most " + MAX_BYTES + " bytes");
    }
    return JsonCursor.read(file.toString(), Files.readAllBytes(file), Limits.CONFIG);
  }

  private static boolean isConfig(String name) {
    return name.endsWith(".conflist") || name.endsWith(".conf") || name.endsWith(".json");
  }

  private static List<Path> files(Path directory, Predicate<String> wanted) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> wanted.test(file.getFileName().toString()))
          .filter(file -> !Files.isDirectory(file))
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
  }
}

package dev.coffer.runtime.oci;

import dev.coffer.kernel.AtomicFile;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileTree;
import dev.coffer.runtime.criu.CriuOptions;
import dev.coffer.runtime.file.BoundedFile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the standard streams of a container were when it was saved: a list beside the image, by
 * which those of a restoration take their place. runc reads and writes the same.
 */
final class SavedDescriptors {
  private static final String FILE = "descriptors.json";
  private static final String PIPE = "pipe:";
  private static final String FOREIGN = "file[";

  /** Of no account at a restoration. */
  private static final String CLOSED = "/dev/null";

  private static final int STREAMS = 3;

  private static final int LARGEST = 1 << 20;

  private final List<String> descriptors;

  private SavedDescriptors(List<String> descriptors) {
    this.descriptors = descriptors;
  }

  /** Writes down what a process has, and has criu leave out the files of others. */
  static void save(Path images, int pid, CriuOptions options) throws IOException {
    List<String> descriptors = new ArrayList<>();
    for (int number = 0; number < STREAMS; number++) {
      Optional<String> foreign = ExternalMounts.foreignFile(pid, number);
      foreign.ifPresent(options::external);
      descriptors.add(foreign.isPresent() ? foreign.get() : link(pid, number));
    }
    byte[] text = Json.write(JsonValue.ofStrings(descriptors)).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(images.resolve(FILE), text, false);
  }

  private static String link(int pid, int number) throws IOException {
    Path link = Path.of("/proc", Integer.toString(pid), "fd", Integer.toString(number));
    return Files.isSymbolicLink(link) ? FileTree.readSymbolicLink(Fd.CWD, link.toString()) : CLOSED;
  }

  /** Has criu put its own streams in the place of the pipes and foreign files that were there. */
  void inherit(CriuOptions options) {
    for (int number = 0; number < Math.min(STREAMS, descriptors.size()); number++) {
      String was = descriptors.get(number);
      if (was.startsWith(PIPE)) {
        options.inherited(was, number);
      } else if (was.startsWith(FOREIGN)) {
        // To criu it is a path, and of a path the slash is cut off. Found by that, the descriptor
        // is taken as it is; found by its name, it would have to be a file that has not grown
        // since.
        options.inherited(was.substring(1), number);
      }
    }
  }

  /**
   * Reads the list beside an image, whoever made that; none is an empty one.
   *
   * @throws IOException where it is no such list
   */
  static SavedDescriptors read(Path images) throws IOException {
    Path file = images.resolve(FILE);
    try {
      Optional<byte[]> text = BoundedFile.readNoLink(file, LARGEST);
      return new SavedDescriptors(
          text.isEmpty()
              ? List.of()
              : JsonCursor.read(FILE, text.get(), Limits.STATE).list(JsonCursor::string));
    } catch (SpecException e) {
      throw new IOException("cannot read \"" + file + "\": " + e.getMessage(), e);
    }
  }
}

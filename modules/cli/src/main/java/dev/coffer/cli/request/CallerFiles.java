package dev.coffer.cli.request;

import dev.coffer.cli.value.HostPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The caller's files as the caller names them. The caller may live in another mount namespace or
 * below another root than the engine; then its files are reached through descriptors that it
 * passed.
 *
 * @param workingDirectory the caller's working directory as it sees it
 * @param workingDirectoryHandle a path by which this process reaches it
 * @param rootHandle a path by which this process reaches the caller's root directory
 * @param sameView whether the caller and the engine see the same files under the same names
 */
public record CallerFiles(
    Path workingDirectory, Path workingDirectoryHandle, Path rootHandle, boolean sameView)
    implements HostPaths {

  /** The files of a caller who sees what this process sees. */
  public static CallerFiles at(Path workingDirectory) {
    return new CallerFiles(workingDirectory, workingDirectory, Path.of("/"), true);
  }

  /** A path by which this process can open the caller's file; it need not exist. */
  public Path reach(String path) {
    if (!path.startsWith("/")) {
      return workingDirectoryHandle.resolve(path);
    }
    return sameView ? Path.of(path) : rootHandle.resolve(path.substring(1));
  }

  /**
   * {@inheritDoc}
   *
   * <p>A file that neither sees is no error here: whether it is made or missed is decided later.
   */
  @Override
  public String absolute(String path) {
    String absolute = workingDirectory.resolve(path).normalize().toString();
    if (!sameView && !key(reach(path)).equals(key(Path.of(absolute)))) {
      throw new IllegalArgumentException(
          "the engine does not see \"%s\": it runs in another mount namespace or root directory than you (use a path that both see, or a volume)"
              .formatted(absolute));
    }
    return absolute;
  }

  private static Optional<Object> key(Path path) {
    try {
      return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package dev.coffer.engine.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The host's programs. The engine has no PATH of its own: it starts from nothing.
 *
 * @param directories where they are looked for, in order
 */
public record Programs(List<String> directories) {

  /** The usual places. */
  public static final Programs OF_HOST =
      new Programs(
          List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"));

  public Programs {
    directories = List.copyOf(directories);
  }

  /** The program of that name; empty when it is not installed. */
  public Optional<String> find(String name) {
    return directories.stream()
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** The value of PATH that finds them in this order. */
  public String path() {
    return String.join(":", directories);
  }
}

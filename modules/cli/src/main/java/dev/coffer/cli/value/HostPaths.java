package dev.coffer.cli.value;

/**
 * Turns a path as the caller wrote it into an absolute path of the host that the engine sees too.
 */
@FunctionalInterface
public interface HostPaths {

  /**
   * The absolute path.
   *
   * @throws IllegalArgumentException when the engine would find another file there than the caller
   */
  String absolute(String path);
}

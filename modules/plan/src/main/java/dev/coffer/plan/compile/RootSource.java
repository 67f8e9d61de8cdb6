package dev.coffer.plan.compile;

/** Where the container's root file system comes from. */
public sealed interface RootSource {
  /**
   * A detached mount that comes with the plan.
   *
   * @param input name of the input
   */
  record Descriptor(String input) implements RootSource {}

  /**
   * A directory of the host.
   *
   * @param path absolute path, as the monitor sees it
   */
  record Directory(String path) implements RootSource {}
}

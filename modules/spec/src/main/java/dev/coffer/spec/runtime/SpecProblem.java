package dev.coffer.spec.runtime;

/**
 * A rule of the specification that a config breaks.
 *
 * @param path where, such as {@code process.rlimits[1].type}
 * @param problem what is wrong, such as {@code must be an absolute path, is "x"}
 */
public record SpecProblem(String path, String problem) {
  /** Both, as messages have them: {@code process.cwd: must be an absolute path, is "x"}. */
  @Override
  public String toString() {
    return path + ": " + problem;
  }
}

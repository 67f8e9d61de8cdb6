package dev.coffer.runtime.monitor;

import dev.coffer.runtime.protocol.LogFormat;

/**
 * How a monitor keeps the log.
 *
 * @param maximumFiles how many files there are after rotations, 1 or more
 * @param maximumBytes size at which a file is rotated; 0: never
 * @param fileName inside the state directory
 * @param attributes text of a JSON object for json-file's {@code attrs}, or empty
 */
public record LogSettings(
    LogFormat format, int maximumFiles, long maximumBytes, String fileName, String attributes) {
  /** No log at all. */
  public static final LogSettings NONE = new LogSettings(LogFormat.NONE, 1, 0, "", "");

  /** Docker's default: json-file without a limit. */
  public static LogSettings jsonFile(String fileName) {
    return new LogSettings(LogFormat.JSON_FILE, 1, 0, fileName, "");
  }
}

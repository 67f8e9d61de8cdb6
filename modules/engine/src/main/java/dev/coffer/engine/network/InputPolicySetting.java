package dev.coffer.engine.network;

import dev.coffer.network.driver.InputPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file {@code input-policy} of a data root: one word, {@code ask} or {@code ignore}, for all
 * networks that say nothing of it themselves.
 */
public final class InputPolicySetting {
  private static final String NAME = "input-policy";

  private InputPolicySetting() {}

  /**
   * That of a data root; to ask, where it has no such file.
   *
   * @throws IllegalArgumentException when the file has another word in it
   */
  public static InputPolicy of(Path dataRoot) throws IOException {
    Path file = dataRoot.resolve(NAME);
    if (Files.notExists(file)) {
      return InputPolicy.ASK;
    }
    try {
      return InputPolicy.parse(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid file " + file + ": " + e.getMessage(), e);
    }
  }
}

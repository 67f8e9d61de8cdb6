package dev.coffer.engine.network;

import dev.coffer.spec.image.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What an engine's networks are called, so that engines with other data roots on the same host let
 * them alone.
 *
 * @param hash of the data root in hexadecimal digits; empty for the default one
 */
public record NetworkOwner(Optional<String> hash) {

  private static final int DEVICE_DIGITS = 8;
  private static final String DEFAULT_ROOT = "default";
  private static final List<String> BUILT_IN = List.of(Networks.BRIDGE, "host", "none", "default");

  /** The device of the default bridge. */
  public String defaultBridge() {
    return hash.map(digits -> "coffer-" + digits.substring(0, DEVICE_DIGITS)).orElse("coffer0");
  }

  /** The packet filter's table. */
  public String table() {
    return hash.map(digits -> "coffer-" + digits).orElse("coffer");
  }

  /** What is noted on devices. */
  public String mark() {
    return "coffer:" + hash.orElse(DEFAULT_ROOT);
  }

  /** The id of a network that every engine has. */
  public String id(String builtIn) {
    byte[] text = (hash.orElse(DEFAULT_ROOT) + " " + builtIn).getBytes(StandardCharsets.UTF_8);
    return Digest.ofBytes(text).hex();
  }

  /** Whether a name is of a network that every engine has. */
  public static boolean isBuiltIn(String name) {
    return BUILT_IN.contains(name);
  }
}

package dev.coffer.engine.create;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.runtime.monitor.StartRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Docker's notation of detach keys: a comma-separated list of characters and {@code ctrl-X}. */
public final class DetachKeys {

  private static final String CONTROL = "ctrl-";
  private static final String CONTROL_KEYS = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

  private DetachKeys() {}

  /** The bytes; empty text means the default of Docker, ctrl-p,ctrl-q. */
  public static List<Byte> parse(Optional<String> text) {
    if (text.isEmpty() || text.get().isEmpty()) {
      return StartRequest.DEFAULT_DETACH_KEYS;
    }
    List<Byte> keys = new ArrayList<>();
    for (String key : text.get().split(",", -1)) {
      boolean control = key.startsWith(CONTROL) && key.length() == CONTROL.length() + 1;
      int code = control ? CONTROL_KEYS.indexOf(key.charAt(CONTROL.length())) : single(key);
      if (code < 0) {
        throw new EngineException(
            Kind.INVALID,
            "invalid detach key \"" + key + "\" (a character, or ctrl- and one of @a-z[\\]^_)");
      }
      keys.add((byte) code);
    }
    return List.copyOf(keys);
  }

  /** The same as an array. */
  public static byte[] bytes(Optional<String> text) {
    List<Byte> keys = parse(text);
    byte[] bytes = new byte[keys.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = keys.get(i);
    }
    return bytes;
  }

  private static int single(String key) {
    return key.length() == 1 && key.charAt(0) < 0x80 ? key.charAt(0) : -1;
  }
}

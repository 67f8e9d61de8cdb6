package dev.coffer.network.cni;

import dev.coffer.spec.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A container's place in a network, as plugins know it.
 *
 * @param containerId letters, digits, {@code _ . -}; no other container on the host has it
 * @param device what the device in the container is called, such as {@code eth0}
 * @param arguments {@code CNI_ARGS}
 * @param capabilities what plugins that have these capabilities are told, by the capability's name
 */
public record Attachment(
    String containerId, String device, Map<String, String> arguments, JsonObject capabilities) {

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final Pattern DEVICE = Pattern.compile("[^\\s/:]{1,15}");

  public Attachment {
    arguments = Map.copyOf(arguments);
    if (!ID.matcher(containerId).matches()) {
      throw new IllegalArgumentException("invalid id of a container \"" + containerId + "\"");
    }
    if (!DEVICE.matcher(device).matches() || device.equals(".") || device.equals("..")) {
      throw new IllegalArgumentException("invalid device name \"" + device + "\"");
    }
    arguments.forEach(
        (name, value) -> {
          if (name.isEmpty() || (name + value).matches("(?s).*[;=\\x00].*")) {
            throw new IllegalArgumentException("invalid argument \"%s=%s\"".formatted(name, value));
          }
        });
  }

  /** {@code NAME=value;NAME=value}. */
  String argumentText() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(arguments)
        .forEach(
            (name, value) ->
                text.append(text.isEmpty() ? "" : ";").append(name).append('=').append(value));
    return text.toString();
  }
}

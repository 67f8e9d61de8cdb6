package dev.coffer.runtime.dbus;

import java.util.List;

/**
 * What is asked of an object.
 *
 * @param destination the name of whoever has it
 */
public record MethodCall(
    String destination, String path, String interfaceName, String member, List<Value> arguments) {
  public MethodCall {
    arguments = List.copyOf(arguments);
  }
}

package dev.coffer.cli.format;

import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code info} for people, in the layout of Docker's. A fact that the engine does not tell has no
 * line.
 *
 * @param facts the lines for standard output
 * @param warnings the lines for standard error
 */
public record InfoText(String facts, String warnings) {

  /** The text of what the engine says. */
  public static InfoText of(JsonObject info) {
    StringBuilder out = new StringBuilder("Server:\n");
    line(out, info, " Containers", "Containers");
    line(out, info, "  Running", "ContainersRunning");
    line(out, info, "  Paused", "ContainersPaused");
    line(out, info, "  Stopped", "ContainersStopped");
    line(out, info, " Images", "Images");
    line(out, info, " Server Version", "ServerVersion");
    line(out, info, " Storage Driver", "Driver");
    pairs(out, info, "DriverStatus");
    line(out, info, " Logging Driver", "LoggingDriver");
    line(out, info, " Cgroup Driver", "CgroupDriver");
    line(out, info, " Cgroup Version", "CgroupVersion");
    security(out, info);
    line(out, info, " Kernel Version", "KernelVersion");
    line(out, info, " Operating System", "OperatingSystem");
    line(out, info, " OSType", "OSType");
    line(out, info, " Architecture", "Architecture");
    line(out, info, " CPUs", "NCPU");
    memory(out, info);
    line(out, info, " Name", "Name");
    line(out, info, " ID", "ID");
    line(out, info, " Data Root", "DockerRootDir");
    return new InfoText(out.toString(), warnings(info));
  }

  private static void line(StringBuilder out, JsonObject info, String title, String name) {
    info.get(name)
        .map(InfoText::text)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> out.append(title).append(": ").append(text).append('\n'));
  }

  private static String text(JsonValue value) {
    return value instanceof JsonString string ? string.value() : Json.write(value);
  }

  private static void memory(StringBuilder out, JsonObject info) {
    if (info.get("MemTotal").orElse(null) instanceof JsonNumber number
        && number.asLong().isPresent()) {
      out.append(" Total Memory: ");
      out.append(Units.binarySize(number.asLong().getAsLong())).append('\n');
    }
  }

  private static List<JsonValue> elements(JsonObject info, String name) {
    return info.get(name).orElse(null) instanceof JsonArray array ? array.elements() : List.of();
  }

  private static void pairs(StringBuilder out, JsonObject info, String name) {
    for (JsonValue pair : elements(info, name)) {
      if (pair instanceof JsonArray array && array.size() == 2) {
        out.append("  ").append(text(array.elements().get(0)));
        out.append(": ").append(text(array.elements().get(1))).append('\n');
      }
    }
  }

  /** {@code name=seccomp,profile=builtin} becomes a heading and its details. */
  private static void security(StringBuilder out, JsonObject info) {
    List<JsonValue> options = elements(info, "SecurityOptions");
    if (options.isEmpty()) {
      return;
    }
    out.append(" Security Options:\n");
    for (JsonValue option : options) {
      List<String> details = new ArrayList<>();
      for (String part : text(option).split(",")) {
        if (part.startsWith("name=")) {
          out.append("  ").append(part.substring("name=".length())).append('\n');
        } else {
          details.add(part);
        }
      }
      for (String detail : details) {
        out.append("   ").append(capital(detail.replace("=", ": "))).append('\n');
      }
    }
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String warnings(JsonObject info) {
    StringBuilder out = new StringBuilder();
    for (JsonValue warning : elements(info, "Warnings")) {
      out.append(text(warning)).append('\n');
    }
    return out.toString();
  }
}

package dev.coffer.engine.oci;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Device;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.DeviceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which devices a container has and may use.
 *
 * @param nodes made in its /dev beyond the default ones
 * @param rules for the devices cgroup, in order
 */
record DeviceChoice(List<Device> nodes, List<DeviceRule> rules) {

  private static final String ALL_ACCESS = "rwm";
  private static final Pattern RULE =
      Pattern.compile("([abc]) ([0-9]+|\\*):([0-9]+|\\*) ([rwm]{1,3})");
  private static final long ANY = -1;

  /** Weighs what was asked for. */
  static DeviceChoice of(ContainerRequest request, HostDevices host) {
    if (request.security().privileged()) {
      List<Device> all = new ArrayList<>();
      host.at("/dev").forEach(node -> all.add(device(node, node.path())));
      DeviceRule everything =
          new DeviceRule(
              true,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(ALL_ACCESS),
              JsonObject.EMPTY);
      return new DeviceChoice(List.copyOf(all), List.of(everything));
    }
    List<Device> nodes = new ArrayList<>();
    List<DeviceRule> rules = new ArrayList<>();
    rules.add(DeviceRule.DENY_ALL);
    rules.addAll(DeviceRule.DEFAULTS);
    for (String mapping : request.resources().devices()) {
      add(mapping, host, nodes, rules);
    }
    request.resources().deviceCgroupRules().forEach(rule -> rules.add(rule(rule)));
    return new DeviceChoice(List.copyOf(nodes), List.copyOf(rules));
  }

  private static void add(
      String mapping, HostDevices host, List<Device> nodes, List<DeviceRule> rules) {
    String[] parts = mapping.split(":", -1);
    boolean accessSecond = parts.length == 2 && isAccess(parts[1]);
    String from = parts[0];
    String to = parts.length > 1 && !accessSecond && !parts[1].isEmpty() ? parts[1] : from;
    String access = parts.length == 3 ? parts[2] : accessSecond ? parts[1] : ALL_ACCESS;
    if (parts.length > 3 || !from.startsWith("/") || !to.startsWith("/") || !isAccess(access)) {
      throw invalid("invalid device \"" + mapping + "\" (HOST[:INSIDE[:rwm]])");
    }
    try {
      for (HostDevices.Node node : host.at(from)) {
        nodes.add(device(node, to + node.path().substring(from.length())));
        rules.add(DeviceRule.allow(type(node), node.major(), node.minor(), access));
      }
    } catch (IllegalArgumentException cause) {
      throw invalid("device \"" + from + "\": " + cause.getMessage());
    }
  }

  private static boolean isAccess(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> "rwm".indexOf(c) >= 0);
  }

  private static DeviceRule rule(String text) {
    Matcher match = RULE.matcher(text);
    if (!match.matches()) {
      throw invalid("invalid device rule \"" + text + "\" (as in \"c 1:3 rwm\")");
    }
    DeviceType type =
        switch (match.group(1)) {
          case "b" -> DeviceType.BLOCK;
          case "c" -> DeviceType.CHARACTER;
          default -> DeviceType.ALL;
        };
    return DeviceRule.allow(type, number(match.group(2)), number(match.group(3)), match.group(4));
  }

  private static long number(String text) {
    return text.equals("*") ? ANY : Long.parseLong(text);
  }

  private static Device device(HostDevices.Node node, String path) {
    return new Device(
        type(node),
        path,
        node.major(),
        node.minor(),
        Optional.of(node.mode()),
        Optional.of(node.uid()),
        Optional.of(node.gid()),
        JsonObject.EMPTY);
  }

  private static DeviceType type(HostDevices.Node node) {
    return node.block() ? DeviceType.BLOCK : DeviceType.CHARACTER;
  }

  private static EngineException invalid(String cause) {
    return new EngineException(Kind.INVALID, "cannot create container: " + cause);
  }
}

package dev.coffer.runtime.systemd;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a manager of systemd listens: at a socket of its own, or behind a bus. Its own is there
 * without a bus, and one process nearer.
 *
 * @param socket absolute path
 * @param bus whether a bus listens there
 */
record ManagerAddress(Path socket, boolean bus) {
  private static final String UNIX = "unix:";
  private static final String PATH = "path=";

  /** The host's manager, in the order to try. */
  static List<ManagerAddress> ofSystem() {
    return List.of(
        new ManagerAddress(Path.of("/run/systemd/private"), false),
        new ManagerAddress(Path.of("/run/dbus/system_bus_socket"), true));
  }

  /** A user's manager, in the order to try. */
  static List<ManagerAddress> ofUser(Map<String, String> environment) {
    List<ManagerAddress> all = new ArrayList<>();
    Optional<Path> runtime =
        Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
            .filter(path -> path.startsWith("/"))
            .map(Path::of);
    runtime.ifPresent(path -> all.add(new ManagerAddress(path.resolve("systemd/private"), false)));
    session(environment.getOrDefault("DBUS_SESSION_BUS_ADDRESS", ""))
        .or(() -> runtime.map(path -> path.resolve("bus")))
        .ifPresent(path -> all.add(new ManagerAddress(path, true)));
    return all;
  }

  /** The first of a list of addresses (Specification, Server Addresses) that is a Unix path. */
  private static Optional<Path> session(String addresses) {
    return Stream.of(addresses.split(";", -1))
        .filter(address -> address.startsWith(UNIX))
        .flatMap(address -> Stream.of(address.substring(UNIX.length()).split(",", -1)))
        .filter(pair -> pair.startsWith(PATH + "/"))
        .map(pair -> pair.substring(PATH.length()).replace("+", "%2B"))
        .map(escaped -> Path.of(URLDecoder.decode(escaped, StandardCharsets.UTF_8)))
        .findFirst();
  }
}

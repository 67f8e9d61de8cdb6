package dev.coffer.image.registry.config;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What Docker's {@code daemon.json} says of registries.
 *
 * @param mirrors addresses of Docker Hub's mirrors
 * @param insecure hosts with optional ports, and networks in CIDR notation
 */
record DaemonJson(List<String> mirrors, List<String> insecure) {

  private static final DaemonJson NOTHING = new DaemonJson(List.of(), List.of());

  DaemonJson {
    mirrors = List.copyOf(mirrors);
    insecure = List.copyOf(insecure);
  }

  static DaemonJson read(Path file) throws IOException {
    return ConfigFile.decode(
        () -> {
          Optional<byte[]> bytes = ConfigFile.read(file);
          return bytes.isEmpty()
              ? NOTHING
              : decode(JsonCursor.read(file.toString(), bytes.get(), Limits.CONFIG));
        });
  }

  private static DaemonJson decode(JsonCursor at) {
    return new DaemonJson(
        at.field("registry-mirrors").list(JsonCursor::string),
        at.field("insecure-registries").list(JsonCursor::string));
  }

  boolean isInsecure(HostName name) {
    return insecure.stream()
        .anyMatch(
            entry ->
                entry.equals(name.domain())
                    || entry.equals(name.host())
                    || Cidr.parse(entry).map(network -> network.holds(name.host())).orElse(false));
  }
}

package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bundle of its own: a root file system of busybox and a config.json that starts from {@link
 * #DEFAULT} and is edited by path. It is written when a container is made of it.
 */
final class Bundle {

  /** Where a config starts: what {@code runc spec} prints, without a terminal and writable. */
  private static final String DEFAULT =
      """
      {"ociVersion": "1.0.2",
       "process": {
         "user": {"uid": 0, "gid": 0}, "args": ["true"], "cwd": "/", "noNewPrivileges": true,
         "env": ["PATH=/bin:/sbin:/usr/bin:/usr/sbin"],
         "capabilities": {
           "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
           "effective": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
           "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]}},
       "root": {"path": "rootfs"},
       "hostname": "conform",
       "mounts": [
         {"destination": "/proc", "type": "proc", "source": "proc"},
         {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
          "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
         {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
          "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
         {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
          "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
         {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
          "options": ["nosuid", "noexec", "nodev"]},
         {"destination": "/sys", "type": "sysfs", "source": "sysfs",
          "options": ["nosuid", "noexec", "nodev", "ro"]}],
       "linux": {
         "resources": {"devices": [{"allow": false, "access": "rwm"}]},
         "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
                        {"type": "mount"}],
         "maskedPaths": ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list",
                         "/sys/firmware"],
         "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                           "/proc/sysrq-trigger"]}}
      """;

  private final Path directory;
  private final Tree config;

  /** A bundle in an empty directory. */
  Bundle(Path directory) {
    this(directory, Tree.parse(DEFAULT));
  }

  /** A bundle that starts from another config than {@link #DEFAULT}. */
  Bundle(Path directory, Tree config) {
    this.directory = directory;
    this.config = config;
  }

  Path directory() {
    return directory;
  }

  /** Its root file system as the host sees it. */
  Path rootfs() {
    return directory.resolve("rootfs");
  }

  Tree config() {
    return config;
  }

  Bundle set(String path, Object value) {
    config.set(path, value);
    return this;
  }

  Bundle add(String path, Object value) {
    config.add(path, value);
    return this;
  }

  Bundle remove(String path) {
    config.remove(path);
    return this;
  }

  Bundle args(String... args) {
    return set("process.args", List.of(args));
  }

  /** Runs a script of the busybox shell. */
  Bundle shell(String script) {
    return args("/bin/sh", "-c", script);
  }

  /** A process that stays, and that ends at SIGTERM though it may be the first of its namespace. */
  Bundle stays() {
    return shell("trap 'exit 0' TERM; while :; do sleep 1000 & wait; done");
  }

  /** All the named capabilities in the bounding, effective and permitted sets. */
  Bundle capabilities(String... names) {
    for (String set : List.of("bounding", "effective", "permitted")) {
      set("process.capabilities." + set, List.of(names));
    }
    return this;
  }

  Bundle mount(String destination, String type, String source, String... options) {
    Map<String, Object> mount = new LinkedHashMap<>();
    mount.put("destination", destination);
    mount.put("type", type);
    mount.put("source", source);
    mount.put("options", List.of(options));
    return add("mounts", mount);
  }

  Bundle bind(Path source, String destination, String... options) {
    String[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = "bind";
    return mount(destination, "bind", source.toString(), all);
  }

  Bundle withoutMount(String destination) {
    ((List<?>) config.at("mounts"))
        .removeIf(mount -> destination.equals(((Map<?, ?>) mount).get("destination")));
    return this;
  }

  /** A new namespace of a type, in the place of what the config says of that type. */
  Bundle namespace(String type) {
    return withoutNamespace(type).add("linux.namespaces", Map.of("type", type));
  }

  /** A namespace that is joined by its path. */
  Bundle namespace(String type, Path path) {
    return withoutNamespace(type)
        .add("linux.namespaces", Map.of("type", type, "path", path.toString()));
  }

  Bundle withoutNamespace(String type) {
    ((List<?>) config.at("linux.namespaces"))
        .removeIf(namespace -> type.equals(((Map<?, ?>) namespace).get("type")));
    return this;
  }

  /** A range of ids, as the lists of mappings have them. */
  static Map<String, Object> range(long container, long host, long size) {
    return Map.of("containerID", container, "hostID", host, "size", size);
  }

  /** A new user namespace, whose root gets the root file system as engines do it: by a chown. */
  Bundle mapped(Object... ranges) {
    namespace("user")
        .set("linux.uidMappings", List.of(ranges))
        .set("linux.gidMappings", List.of(ranges));
    int owner = (int) new Tree(ranges[0]).number("hostID");
    try (Stream<Path> files = Files.walk(rootfs())) {
      for (Path file : files.filter(Files::isDirectory).toList()) {
        Files.setAttribute(file, "unix:uid", owner);
        Files.setAttribute(file, "unix:gid", owner);
      }
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      Files.setPosixFilePermissions(
          directory.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file into the root file system. */
  Bundle file(String path, String content) {
    try {
      Path file = rootfs().resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes an empty directory in the root file system. */
  Bundle directory(String path) {
    try {
      Files.createDirectories(rootfs().resolve(path));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a symbolic link in the root file system. */
  Bundle link(String path, String target) {
    try {
      Files.createSymbolicLink(rootfs().resolve(path), Path.of(target));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes config.json. */
  Bundle write() {
    return write(config.write());
  }

  /** Writes this text as config.json, for what no tree can say. */
  Bundle write(String text) {
    try {
      Files.writeString(directory.resolve("config.json"), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

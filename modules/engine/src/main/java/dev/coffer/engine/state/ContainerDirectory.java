package dev.coffer.engine.state;

import java.nio.file.Path;

/** The names inside a container's directory, {@code containers/<id>}. */
public record ContainerDirectory(Path path) {

  /** Made last by a create: a directory without it is half-made. */
  public Path config() {
    return path.resolve("container.json");
  }

  /** The OCI spec of the last start, for people to read; nothing else does. */
  public Path spec() {
    return path.resolve("spec.json");
  }

  /** Written by the engine alone. */
  public Path state() {
    return path.resolve("state.json");
  }

  /** Written by the monitor alone. */
  public Path exit() {
    return path.resolve("exit.json");
  }

  /** The overlay's writable layer. */
  public Path upper() {
    return path.resolve("upper");
  }

  /** The overlay's scratch directory; its lock says that the layer is mounted. */
  public Path work() {
    return path.resolve("work");
  }

  /** The container's /etc/hosts. */
  public Path hosts() {
    return path.resolve("hosts");
  }

  /** The container's /etc/hostname. */
  public Path hostname() {
    return path.resolve("hostname");
  }

  /** The container's /etc/resolv.conf. */
  public Path resolvConf() {
    return path.resolve("resolv.conf");
  }
}

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

  /** The networks that it is in; only of a container that may be in some. */
  public Path network() {
    return path.resolve("network.json");
  }

  /** Written by the monitor alone. */
  public Path exit() {
    return path.resolve("exit.json");
  }

  /** The root file system as a spec names it; whether it is there depends on how it is kept. */
  public Path rootfs() {
    return path.resolve("rootfs");
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

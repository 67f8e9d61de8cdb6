package dev.coffer.spec.runtime;

/** A type of namespace; namespaces(7). */
public enum NamespaceType {
  /** Process ids. */
  PID("pid"),
  /** Network devices, addresses, ports. */
  NETWORK("network"),
  /** Mounts. */
  MOUNT("mount"),
  /** System V IPC and POSIX message queues. */
  IPC("ipc"),
  /** Host and domain name. */
  UTS("uts"),
  /** User and group ids, capabilities. */
  USER("user"),
  /** The root of the cgroup hierarchy. */
  CGROUP("cgroup"),
  /** Offsets of clocks. */
  TIME("time");

  private final String spelling;

  NamespaceType(String spelling) {
    this.spelling = spelling;
  }

  /** The string that stands in the config. */
  public String spelling() {
    return spelling;
  }
}

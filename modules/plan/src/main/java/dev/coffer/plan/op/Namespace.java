package dev.coffer.plan.op;

/** The kinds of namespaces (namespaces(7)). */
public enum Namespace {
  USER(0x10000000, "user", "user namespace"),
  MOUNT(0x00020000, "mnt", "mount namespace"),
  UTS(0x04000000, "uts", "UTS namespace"),
  IPC(0x08000000, "ipc", "IPC namespace"),
  NETWORK(0x40000000, "net", "network namespace"),
  PID(0x20000000, "pid", "pid namespace"),
  CGROUP(0x02000000, "cgroup", "cgroup namespace"),
  TIME(0x00000080, "time", "time namespace");

  private final long flag;
  private final String file;
  private final String label;

  Namespace(long flag, String file, String label) {
    this.flag = flag;
    this.file = file;
    this.label = label;
  }

  /** Its {@code CLONE_NEW*} flag. */
  public long flag() {
    return flag;
  }

  /** Its name below {@code /proc/PID/ns}. */
  public String file() {
    return file;
  }

  /** How messages call it. */
  public String label() {
    return label;
  }
}

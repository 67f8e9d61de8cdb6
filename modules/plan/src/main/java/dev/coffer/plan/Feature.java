package dev.coffer.plan;

/** What a kernel can do or not, found out by trying. */
public enum Feature {
  /** clone3(2) into a cgroup of version 2. */
  CLONE_INTO_CGROUP,
  /** Time namespaces. */
  TIME_NAMESPACE,
  /** Cgroup namespaces. */
  CGROUP_NAMESPACE,
  /** User namespaces may be made. */
  USER_NAMESPACE,
  /** Id-mapped mounts (mount_setattr(2), MOUNT_ATTR_IDMAP). */
  IDMAP_MOUNTS,
  /** An overlay made by fsopen(2) and fsmount(2) without being attached. */
  DETACHED_OVERLAY,
  /** pidfd_getfd(2). */
  PIDFD_GETFD,
  /** Seccomp filters. */
  SECCOMP_FILTER,
  /** The seccomp notify action. */
  SECCOMP_NOTIFY,
  /** SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV. */
  SECCOMP_WAIT_KILLABLE,
  /** The resctrl file system is mounted on /sys/fs/resctrl. */
  RESCTRL
}

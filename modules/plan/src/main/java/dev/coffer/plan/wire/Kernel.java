package dev.coffer.plan.wire;

/** Numbers of the kernel's interface that are the same on every machine (include/uapi/linux). */
public final class Kernel {
  public static final int AT_FDCWD = -100;
  public static final int AT_EMPTY_PATH = 0x1000;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_RECURSIVE = 0x8000;

  public static final int OPEN_TREE_CLONE = 1;
  public static final int OPEN_TREE_CLOEXEC = 02000000;
  public static final int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
  public static final int MOVE_MOUNT_T_SYMLINKS = 0x10;
  public static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  public static final int FSOPEN_CLOEXEC = 1;
  public static final int FSMOUNT_CLOEXEC = 1;
  public static final int FSCONFIG_SET_FLAG = 0;
  public static final int FSCONFIG_SET_STRING = 1;
  public static final int FSCONFIG_CMD_CREATE = 6;
  public static final int FSCONFIG_CMD_RECONFIGURE = 7;
  public static final int FSPICK_CLOEXEC = 1;
  public static final int FSPICK_EMPTY_PATH = 8;

  public static final int RESOLVE_NO_XDEV = 0x1;
  public static final int RESOLVE_NO_MAGICLINKS = 0x2;
  public static final int RESOLVE_NO_SYMLINKS = 0x4;
  public static final int RESOLVE_BENEATH = 0x8;
  public static final int RESOLVE_IN_ROOT = 0x10;

  public static final long MOUNT_ATTR_RDONLY = 0x1;
  public static final long MOUNT_ATTR_NOSUID = 0x2;
  public static final long MOUNT_ATTR_NODEV = 0x4;
  public static final long MOUNT_ATTR_NOEXEC = 0x8;
  public static final long MOUNT_ATTR_ATIME = 0x70;
  public static final long MOUNT_ATTR_RELATIME = 0;
  public static final long MOUNT_ATTR_NOATIME = 0x10;
  public static final long MOUNT_ATTR_STRICTATIME = 0x20;
  public static final long MOUNT_ATTR_NODIRATIME = 0x80;
  public static final long MOUNT_ATTR_IDMAP = 0x100000;
  public static final long MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

  public static final long MS_UNBINDABLE = 1 << 17;
  public static final long MS_PRIVATE = 1 << 18;
  public static final long MS_SLAVE = 1 << 19;
  public static final long MS_SHARED = 1 << 20;

  public static final int MNT_DETACH = 2;

  public static final int S_IFMT = 0170000;
  public static final int S_IFIFO = 0010000;
  public static final int S_IFCHR = 0020000;
  public static final int S_IFDIR = 0040000;
  public static final int S_IFBLK = 0060000;
  public static final int S_IFREG = 0100000;

  public static final int PROC_MAGIC = 0x9fa0;
  public static final int DEVPTS_MAGIC = 0x1cd1;

  public static final long TCSETS = 0x5402;
  public static final long TIOCSCTTY = 0x540e;
  public static final long TIOCSWINSZ = 0x5414;
  public static final long TIOCSPTLCK = 0x40045431;
  public static final long TIOCGPTPEER = 0x5441;
  public static final long SIOCSIFFLAGS = 0x8914;
  public static final int IFF_UP = 1;
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_CLOEXEC = 02000000;
  public static final int NETLINK_ROUTE = 0;
  public static final int NLM_F_EXCL = 0x200;
  public static final int NLM_F_CREATE = 0x400;
  public static final int RTM_NEWLINK = 16;
  public static final int RTM_NEWADDR = 20;
  public static final int IFLA_IFNAME = 3;
  public static final int IFLA_NET_NS_FD = 28;
  public static final int IFLA_NEW_IFINDEX = 49;
  public static final int IFA_ADDRESS = 1;
  public static final int IFA_LOCAL = 2;
  public static final int IFA_BROADCAST = 4;
  public static final int IFA_F_PERMANENT = 0x80;
  public static final int SOL_SOCKET = 1;
  public static final int SCM_RIGHTS = 1;
  public static final int MSG_NOSIGNAL = 0x4000;

  public static final int PR_SET_DUMPABLE = 4;
  public static final int PR_SET_KEEPCAPS = 8;
  public static final int PR_CAPBSET_DROP = 24;
  public static final int PR_SET_NO_NEW_PRIVS = 38;
  public static final int PR_CAP_AMBIENT = 47;
  public static final int PR_CAP_AMBIENT_RAISE = 2;
  public static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
  public static final int CAPABILITY_VERSION_3 = 0x20080522;

  public static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
  public static final int SECCOMP_SET_MODE_FILTER = 1;

  public static final int BPF_PROG_LOAD = 5;
  public static final int BPF_PROG_ATTACH = 8;
  public static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
  public static final int BPF_CGROUP_DEVICE = 6;
  public static final int BPF_F_ALLOW_MULTI = 2;

  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int F_SETOWN = 8;
  public static final int F_GETOWN = 9;

  public static final long CLONE_PARENT = 0x8000;
  public static final int SIGCHLD = 17;
  public static final int P_PID = 1;
  public static final int P_PIDFD = 3;
  public static final int WNOHANG = 1;
  public static final int WEXITED = 4;
  public static final int WNOWAIT = 0x01000000;

  private Kernel() {}

  /** A device number as mknod(2) and stat(2) carry it. */
  public static long device(long major, long minor) {
    return (minor & 0xff)
        | ((major & 0xfff) << 8)
        | ((minor & ~0xffL) << 12)
        | ((major & ~0xfffL) << 32);
  }
}

package dev.coffer.plan.explain;

import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Numbers of the kernel's interface by name. */
final class FlagText {
  private static final Map<Long, String> AT =
      names(
          Kernel.AT_EMPTY_PATH, "AT_EMPTY_PATH",
          Kernel.AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW",
          Kernel.AT_RECURSIVE, "AT_RECURSIVE");
  private static final Map<Long, String> OPEN_TREE =
      names(
          Kernel.OPEN_TREE_CLONE, "OPEN_TREE_CLONE",
          Kernel.OPEN_TREE_CLOEXEC, "OPEN_TREE_CLOEXEC",
          Kernel.AT_EMPTY_PATH, "AT_EMPTY_PATH",
          Kernel.AT_RECURSIVE, "AT_RECURSIVE");
  private static final Map<Long, String> MOVE_MOUNT =
      names(
          Kernel.MOVE_MOUNT_F_EMPTY_PATH, "F_EMPTY_PATH",
          Kernel.MOVE_MOUNT_T_SYMLINKS, "T_SYMLINKS",
          Kernel.MOVE_MOUNT_T_EMPTY_PATH, "T_EMPTY_PATH");
  private static final Map<Long, String> RESOLVE =
      names(
          Kernel.RESOLVE_NO_XDEV, "RESOLVE_NO_XDEV",
          Kernel.RESOLVE_NO_MAGICLINKS, "RESOLVE_NO_MAGICLINKS",
          Kernel.RESOLVE_NO_SYMLINKS, "RESOLVE_NO_SYMLINKS",
          Kernel.RESOLVE_BENEATH, "RESOLVE_BENEATH",
          Kernel.RESOLVE_IN_ROOT, "RESOLVE_IN_ROOT");
  private static final Map<Long, String> MOUNT_ATTRIBUTES =
      names(
          Kernel.MOUNT_ATTR_RDONLY, "RDONLY",
          Kernel.MOUNT_ATTR_NOSUID, "NOSUID",
          Kernel.MOUNT_ATTR_NODEV, "NODEV",
          Kernel.MOUNT_ATTR_NOEXEC, "NOEXEC",
          Kernel.MOUNT_ATTR_ATIME, "ATIME",
          Kernel.MOUNT_ATTR_NOATIME, "NOATIME",
          Kernel.MOUNT_ATTR_STRICTATIME, "STRICTATIME",
          Kernel.MOUNT_ATTR_NODIRATIME, "NODIRATIME",
          Kernel.MOUNT_ATTR_IDMAP, "IDMAP",
          Kernel.MOUNT_ATTR_NOSYMFOLLOW, "NOSYMFOLLOW");
  private static final Map<Long, String> PROPAGATION =
      names(
          Kernel.MS_UNBINDABLE, "UNBINDABLE",
          Kernel.MS_PRIVATE, "PRIVATE",
          Kernel.MS_SLAVE, "SLAVE",
          Kernel.MS_SHARED, "SHARED");
  private static final Map<Long, String> SECCOMP =
      names(
          1,
          "TSYNC",
          2,
          "LOG",
          4,
          "SPEC_ALLOW",
          8,
          "NEW_LISTENER",
          16,
          "TSYNC_ESRCH",
          32,
          "WAIT_KILLABLE_RECV");
  private static final Map<Long, String> IOCTL =
      names(
          Kernel.TCSETS, "TCSETS",
          Kernel.TIOCSCTTY, "TIOCSCTTY",
          Kernel.TIOCSWINSZ, "TIOCSWINSZ",
          Kernel.TIOCSPTLCK, "TIOCSPTLCK",
          Kernel.TIOCGPTPEER, "TIOCGPTPEER",
          Kernel.SIOCSIFFLAGS, "SIOCSIFFLAGS");
  private static final Map<Long, String> PRCTL =
      names(
          Kernel.PR_SET_DUMPABLE, "PR_SET_DUMPABLE",
          Kernel.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS",
          Kernel.PR_CAPBSET_DROP, "PR_CAPBSET_DROP",
          Kernel.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS",
          Kernel.PR_CAP_AMBIENT, "PR_CAP_AMBIENT");
  private static final Map<Long, String> FSCONFIG =
      names(
          Kernel.FSCONFIG_SET_FLAG, "FSCONFIG_SET_FLAG",
          Kernel.FSCONFIG_SET_STRING, "FSCONFIG_SET_STRING",
          Kernel.FSCONFIG_CMD_CREATE, "FSCONFIG_CMD_CREATE",
          Kernel.FSCONFIG_CMD_RECONFIGURE, "FSCONFIG_CMD_RECONFIGURE");
  private static final Map<Long, String> BPF =
      names(Kernel.BPF_PROG_LOAD, "BPF_PROG_LOAD", Kernel.BPF_PROG_ATTACH, "BPF_PROG_ATTACH");

  private FlagText() {}

  private static Map<Long, String> names(Object... pairs) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (int index = 0; index < pairs.length; index += 2) {
      names.put(((Number) pairs[index]).longValue(), (String) pairs[index + 1]);
    }
    return names;
  }

  static String at(long value) {
    return combine(AT, value);
  }

  static String openTree(long value) {
    return combine(OPEN_TREE, value);
  }

  static String moveMount(long value) {
    return combine(MOVE_MOUNT, value);
  }

  static String resolve(long value) {
    return combine(RESOLVE, value);
  }

  /** The access-time values are a field, not bits, which the table's order takes care of. */
  static String mountAttributes(long value) {
    return combine(MOUNT_ATTRIBUTES, value);
  }

  static String propagation(long value) {
    return combine(PROPAGATION, value);
  }

  static String seccomp(long value) {
    return combine(SECCOMP, value);
  }

  static String ioctl(long value) {
    return IOCTL.getOrDefault(value, hex(value));
  }

  static String prctl(long value) {
    return PRCTL.getOrDefault(value, hex(value));
  }

  static String fsconfig(long value) {
    return FSCONFIG.getOrDefault(value, hex(value));
  }

  static String bpf(long value) {
    return BPF.getOrDefault(value, hex(value));
  }

  static String namespaces(long value) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (Namespace each : Namespace.values()) {
      String suffix = each == Namespace.MOUNT ? "NS" : each.file().toUpperCase(Locale.ROOT);
      names.put(each.flag(), "CLONE_NEW" + suffix);
    }
    names.put(Kernel.CLONE_PARENT, "CLONE_PARENT");
    return combine(names, value);
  }

  static String open(long value, Architecture architecture) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (OpenFlag each : OpenFlag.values()) {
      names.put((long) each.value(architecture), name(each));
    }
    String text = combine(names, value);
    boolean access = (value & 3) != 0 || text.contains("O_PATH");
    return access ? text : "O_RDONLY" + (value == 0 ? "" : "|" + text);
  }

  private static String name(OpenFlag flag) {
    return switch (flag) {
      case WRITE_ONLY -> "O_WRONLY";
      case READ_WRITE -> "O_RDWR";
      case CREATE -> "O_CREAT";
      case EXCLUSIVE -> "O_EXCL";
      case NO_TERMINAL -> "O_NOCTTY";
      case APPEND -> "O_APPEND";
      case NON_BLOCKING -> "O_NONBLOCK";
      case DIRECTORY -> "O_DIRECTORY";
      case NO_FOLLOW -> "O_NOFOLLOW";
      case CLOSE_ON_EXEC -> "O_CLOEXEC";
      case PATH -> "O_PATH";
    };
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static String combine(Map<Long, String> names, long value) {
    if (value == 0) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    long left = value;
    for (Map.Entry<Long, String> each : names.entrySet()) {
      if ((left & each.getKey()) == each.getKey()) {
        text.append(text.isEmpty() ? "" : "|").append(each.getValue());
        left &= ~each.getKey();
      }
    }
    if (left != 0) {
      text.append(text.isEmpty() ? "" : "|").append(hex(left));
    }
    return text.toString();
  }
}

package dev.coffer.plan.compile;

import dev.coffer.plan.wire.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a mount, sorted by who understands them (runtime-spec, config.md, Mounts, Linux
 * mount options).
 *
 * @param bind whether it is a bind mount
 * @param recursiveBind whether mounts below the source come along
 * @param set attributes to set on the mount itself
 * @param clear attributes to clear on it
 * @param recursiveSet attributes to set on it and on all below
 * @param recursiveClear attributes to clear on it and on all below
 * @param propagation {@code MS_*} flag, or 0
 * @param recursivePropagation whether it covers mounts below
 * @param copyUp {@code tmpcopyup}
 * @param idMapped {@code idmap} or {@code ridmap}
 * @param recursiveIdMap {@code ridmap}: mounts below it, too
 * @param data what is left: for the file system
 */
record MountOptions(
    boolean bind,
    boolean recursiveBind,
    long set,
    long clear,
    long recursiveSet,
    long recursiveClear,
    long propagation,
    boolean recursivePropagation,
    boolean copyUp,
    boolean idMapped,
    boolean recursiveIdMap,
    List<String> data) {

  static MountOptions parse(List<String> options) {
    Parser parser = new Parser();
    options.forEach(parser::accept);
    return parser.result();
  }

  boolean shared() {
    return propagation == Kernel.MS_SHARED;
  }

  private static final class Parser {
    private boolean bind;
    private boolean recursiveBind;
    private long set;
    private long clear;
    private long recursiveSet;
    private long recursiveClear;
    private long propagation;
    private boolean recursivePropagation;
    private boolean copyUp;
    private boolean idMapped;
    private boolean recursiveIdMap;
    private final List<String> data = new ArrayList<>();

    MountOptions result() {
      return new MountOptions(
          bind,
          recursiveBind,
          set,
          clear,
          recursiveSet,
          recursiveClear,
          propagation,
          recursivePropagation,
          copyUp,
          idMapped,
          recursiveIdMap,
          List.copyOf(data));
    }

    void accept(String option) {
      switch (option) {
        case "bind" -> bind = true;
        case "rbind" -> {
          bind = true;
          recursiveBind = true;
        }
        case "tmpcopyup" -> copyUp = true;
        case "idmap" -> idMapped = true;
        case "ridmap" -> {
          idMapped = true;
          recursiveIdMap = true;
        }
        // The last two are about what mount(2) writes to the kernel's log.
        case "defaults", "remount", "silent", "loud" -> {}
        default -> {
          if (!attribute(option) && !propagation(option)) {
            data.add(option);
          }
        }
      }
    }

    private boolean attribute(String option) {
      return switch (option) {
        case "ro" -> set(Kernel.MOUNT_ATTR_RDONLY);
        case "rw" -> clear(Kernel.MOUNT_ATTR_RDONLY);
        case "nosuid" -> set(Kernel.MOUNT_ATTR_NOSUID);
        case "suid" -> clear(Kernel.MOUNT_ATTR_NOSUID);
        case "nodev" -> set(Kernel.MOUNT_ATTR_NODEV);
        case "dev" -> clear(Kernel.MOUNT_ATTR_NODEV);
        case "noexec" -> set(Kernel.MOUNT_ATTR_NOEXEC);
        case "exec" -> clear(Kernel.MOUNT_ATTR_NOEXEC);
        case "nodiratime" -> set(Kernel.MOUNT_ATTR_NODIRATIME);
        case "diratime" -> clear(Kernel.MOUNT_ATTR_NODIRATIME);
        case "nosymfollow" -> set(Kernel.MOUNT_ATTR_NOSYMFOLLOW);
        case "symfollow" -> clear(Kernel.MOUNT_ATTR_NOSYMFOLLOW);
        case "relatime", "norelatime", "atime", "nostrictatime" ->
            accessTime(Kernel.MOUNT_ATTR_RELATIME);
        case "noatime" -> accessTime(Kernel.MOUNT_ATTR_NOATIME);
        case "strictatime" -> accessTime(Kernel.MOUNT_ATTR_STRICTATIME);
        default -> recursiveAttribute(option);
      };
    }

    private boolean recursiveAttribute(String option) {
      return switch (option) {
        case "rro" -> setBelow(Kernel.MOUNT_ATTR_RDONLY);
        case "rrw" -> clearBelow(Kernel.MOUNT_ATTR_RDONLY);
        case "rnosuid" -> setBelow(Kernel.MOUNT_ATTR_NOSUID);
        case "rsuid" -> clearBelow(Kernel.MOUNT_ATTR_NOSUID);
        case "rnodev" -> setBelow(Kernel.MOUNT_ATTR_NODEV);
        case "rdev" -> clearBelow(Kernel.MOUNT_ATTR_NODEV);
        case "rnoexec" -> setBelow(Kernel.MOUNT_ATTR_NOEXEC);
        case "rexec" -> clearBelow(Kernel.MOUNT_ATTR_NOEXEC);
        case "rnodiratime" -> setBelow(Kernel.MOUNT_ATTR_NODIRATIME);
        case "rdiratime" -> clearBelow(Kernel.MOUNT_ATTR_NODIRATIME);
        case "rnosymfollow" -> setBelow(Kernel.MOUNT_ATTR_NOSYMFOLLOW);
        case "rsymfollow" -> clearBelow(Kernel.MOUNT_ATTR_NOSYMFOLLOW);
        case "rrelatime", "rnorelatime", "ratime", "rnostrictatime" ->
            accessTimeBelow(Kernel.MOUNT_ATTR_RELATIME);
        case "rnoatime" -> accessTimeBelow(Kernel.MOUNT_ATTR_NOATIME);
        case "rstrictatime" -> accessTimeBelow(Kernel.MOUNT_ATTR_STRICTATIME);
        default -> false;
      };
    }

    private boolean propagation(String option) {
      boolean recursive = option.startsWith("r");
      long flag =
          switch (recursive ? option.substring(1) : option) {
            case "shared" -> Kernel.MS_SHARED;
            case "slave" -> Kernel.MS_SLAVE;
            case "private" -> Kernel.MS_PRIVATE;
            case "unbindable" -> Kernel.MS_UNBINDABLE;
            default -> 0;
          };
      if (flag != 0) {
        propagation = flag;
        recursivePropagation = recursive;
      }
      return flag != 0;
    }

    private boolean set(long attribute) {
      set |= attribute;
      clear &= ~attribute;
      return true;
    }

    private boolean clear(long attribute) {
      clear |= attribute;
      set &= ~attribute;
      return true;
    }

    private boolean setBelow(long attribute) {
      recursiveSet |= attribute;
      recursiveClear &= ~attribute;
      return true;
    }

    private boolean clearBelow(long attribute) {
      recursiveClear |= attribute;
      recursiveSet &= ~attribute;
      return true;
    }

    /** The access-time values exclude each other: the whole field is cleared, then one is set. */
    private boolean accessTime(long value) {
      clear |= Kernel.MOUNT_ATTR_ATIME;
      set = (set & ~Kernel.MOUNT_ATTR_ATIME) | value;
      return true;
    }

    private boolean accessTimeBelow(long value) {
      recursiveClear |= Kernel.MOUNT_ATTR_ATIME;
      recursiveSet = (recursiveSet & ~Kernel.MOUNT_ATTR_ATIME) | value;
      return true;
    }
  }
}

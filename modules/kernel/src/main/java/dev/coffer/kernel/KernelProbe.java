package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Questions to the kernel about what it can do, asked by calls that are bound to fail: the errno
 * tells which check refused them. None changes anything.
 */
public final class KernelProbe {
  /** Actions of a seccomp filter, see {@code seccomp(2)}. */
  public static final int SECCOMP_ERRNO = 0x00050000;

  public static final int SECCOMP_NOTIFY = 0x7fc00000;

  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_GET_ACTION_AVAIL = 2;
  private static final int NEW_LISTENER = 1 << 3;
  private static final int WAIT_KILLABLE_RECV = 1 << 5;
  private static final int MOUNT_ATTR_SIZE = 32;

  private KernelProbe() {}

  /** {@code clone3(2)} is there, and no filter of an outer container hides it. */
  public static boolean hasClone3() {
    // No arguments at all: refused as invalid where the call exists.
    return Syscall.call(Call.CLONE3, 0, 0) == -Errno.EINVAL.number();
  }

  /** {@code pidfd_getfd(2)}. */
  public static boolean hasPidfdGetfd() {
    return Syscall.call(Call.PIDFD_GETFD, -1, 0, 0) == -Errno.EBADF.number();
  }

  /** {@code mount_setattr(2)} knows id maps. */
  public static boolean hasIdMappedMounts() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(MOUNT_ATTR_SIZE, 8);
      NativeWords.setLong(attributes, 0, MountAttribute.ID_MAPPED);
      // The user namespace is looked at before the path, and this is the number of none.
      NativeWords.setLong(attributes, 24, Integer.MAX_VALUE);
      long root = NativeText.allocate(arena, "/").address();
      long result =
          Syscall.call(
              Call.MOUNT_SETATTR, Fd.CWD.number(), root, 0, attributes.address(), MOUNT_ATTR_SIZE);
      return result == -Errno.EBADF.number();
    }
  }

  /** Whether a seccomp filter may answer with this action. */
  public static boolean hasSeccompAction(int action) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(4, 4);
      NativeWords.setInt(value, 0, action);
      return Syscall.call(Call.SECCOMP, SECCOMP_GET_ACTION_AVAIL, 0, value.address()) == 0;
    }
  }

  /** Whether a notifying filter can make its caller wait killably (Linux 5.19). */
  public static boolean hasSeccompWaitKillable() {
    // No filter: EFAULT where the flags are good.
    return Syscall.call(Call.SECCOMP, SECCOMP_SET_MODE_FILTER, NEW_LISTENER | WAIT_KILLABLE_RECV, 0)
        == -Errno.EFAULT.number();
  }
}

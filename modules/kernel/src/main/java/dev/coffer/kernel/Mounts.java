package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Mounts by descriptor, and the old calls where there is no other way. */
public final class Mounts {
  /** {@code umount2(2)}: take it out of the tree now, let go of it when nobody uses it. */
  public static final int DETACH = 2;

  /** {@code mount(2)} propagation types, for {@link #setAttributes}. */
  public static final int PRIVATE = 1 << 18;

  public static final int SLAVE = 1 << 19;
  public static final int SHARED = 1 << 20;

  /** {@code mount(2)}: apply to the whole tree. */
  public static final int RECURSIVE = 1 << 14;

  private static final int OPEN_TREE_CLONE = 1;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  private static final int MOUNT_ATTR_SIZE = 32;

  private Mounts() {}

  /**
   * A detached copy of the mount that a descriptor is on, from that directory or file downwards.
   */
  public static Fd clone(Fd source, boolean recursive) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long empty = NativeText.allocate(arena, "").address();
      int flags =
          OPEN_TREE_CLONE | AT_EMPTY_PATH | OpenFlags.CLOEXEC | (recursive ? AT_RECURSIVE : 0);
      long result = Syscall.call(Call.OPEN_TREE, source.number(), empty, flags);
      if (result < 0) {
        throw KernelException.of(Call.OPEN_TREE, result, source);
      }
      return Fd.of((int) result);
    }
  }

  /** Attaches a detached mount on the directory or file that {@code target} stands for. */
  public static void attach(Fd mount, Fd target) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long empty = NativeText.allocate(arena, "").address();
      long result =
          Syscall.call(
              Call.MOVE_MOUNT,
              mount.number(),
              empty,
              target.number(),
              empty,
              MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
      if (result < 0) {
        throw KernelException.of(Call.MOVE_MOUNT, result, mount, target);
      }
    }
  }

  /**
   * {@code mount_setattr(2)} on the mount that a descriptor is the root of.
   *
   * @param set bits of {@link MountAttribute} to set
   * @param clear bits to clear
   * @param propagation one of the types of this class, or 0
   */
  public static void setAttributes(Fd mount, boolean recursive, int set, int clear, int propagation)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long empty = NativeText.allocate(arena, "").address();
      MemorySegment attributes = arena.allocate(MOUNT_ATTR_SIZE, 8);
      NativeWords.setLong(attributes, 0, set);
      NativeWords.setLong(attributes, 8, clear);
      NativeWords.setLong(attributes, 16, propagation);
      int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
      long result =
          Syscall.call(
              Call.MOUNT_SETATTR,
              mount.number(),
              empty,
              flags,
              attributes.address(),
              MOUNT_ATTR_SIZE);
      if (result < 0) {
        throw KernelException.of(Call.MOUNT_SETATTR, result, mount, set, clear, propagation);
      }
    }
  }

  /** {@code mount(2)}; null stands for an absent source, type or data. */
  public static void mount(String source, String target, String type, long flags, String data)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long result =
          Syscall.call(
              Call.MOUNT,
              text(arena, source),
              text(arena, target),
              text(arena, type),
              flags,
              text(arena, data));
      if (result < 0) {
        throw KernelException.of(Call.MOUNT, result, source, target, type, flags, data);
      }
    }
  }

  /** {@code umount2(2)}. */
  public static void unmount(String target, int flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long result = Syscall.call(Call.UMOUNT2, text(arena, target), flags);
      if (result < 0) {
        throw KernelException.of(Call.UMOUNT2, result, target, flags);
      }
    }
  }

  private static long text(Arena arena, String text) throws KernelException {
    return text == null ? 0 : NativeText.allocate(arena, text).address();
  }
}

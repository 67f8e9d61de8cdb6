package dev.coffer.kernel;

/** Bits of {@code open_how.resolve}, see {@code openat2(2)}. */
public final class Resolve {
  /** No crossing of mount points, bind mounts included. */
  public static final int NO_XDEV = 0x01;

  /** No link of /proc's magic kind. */
  public static final int NO_MAGICLINKS = 0x02;

  /** No symbolic link at all, also not as the last component. */
  public static final int NO_SYMLINKS = 0x04;

  /** Leaving the directory, also by an absolute link, is {@code EXDEV}. */
  public static final int BENEATH = 0x08;

  /** The directory is the root: absolute links and {@code ..} stay in it, as after a chroot. */
  public static final int IN_ROOT = 0x10;

  private Resolve() {}
}

package dev.coffer.kernel;

/** Bits of {@code mount_setattr(2)} and {@code fsmount(2)}: the options of one mount. */
public final class MountAttribute {
  public static final int READ_ONLY = 0x1;
  public static final int NO_SUID = 0x2;
  public static final int NO_DEVICES = 0x4;
  public static final int NO_EXEC = 0x8;
  public static final int NO_ATIME = 0x10;
  public static final int ID_MAPPED = 0x100000;

  private MountAttribute() {}
}

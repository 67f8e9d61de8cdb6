package dev.coffer.kernel;

/** The number of a device, as {@code dev_t} packs it, see {@code makedev(3)}. */
public final class Device {
  private Device() {}

  /** Packs a major and a minor number. */
  public static long of(long major, long minor) {
    return ((major & 0xfffL) << 8)
        | ((major & 0xfffff000L) << 32)
        | (minor & 0xffL)
        | ((minor & 0xffffff00L) << 12);
  }

  /** The major number. */
  public static int major(long device) {
    return (int) (((device >>> 8) & 0xfffL) | ((device >>> 32) & 0xfffff000L));
  }

  /** The minor number. */
  public static int minor(long device) {
    return (int) ((device & 0xffL) | ((device >>> 12) & 0xffffff00L));
  }
}

package dev.coffer.kernel;

/** Flags of {@code open(2)}; {@code O_CLOEXEC} is always added. Some differ between machines. */
public final class OpenFlags {
  public static final int RDONLY = 0;
  public static final int WRONLY = 1;
  public static final int RDWR = 2;
  public static final int CREAT = 0x40;
  public static final int EXCL = 0x80;
  public static final int NOCTTY = 0x100;
  public static final int TRUNC = 0x200;
  public static final int APPEND = 0x400;
  public static final int NONBLOCK = 0x800;
  public static final int DIRECTORY = Architecture.choose(0x10000, 0x4000);
  public static final int NOFOLLOW = Architecture.choose(0x20000, 0x8000);
  public static final int CLOEXEC = 0x80000;
  public static final int PATH = 0x200000;
  public static final int TMPFILE = 0x400000 | DIRECTORY;

  private OpenFlags() {}
}

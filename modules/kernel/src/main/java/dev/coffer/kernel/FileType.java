package dev.coffer.kernel;

/** What kind of thing an inode is: the {@code S_IFMT} bits of its mode, see {@code inode(7)}. */
public enum FileType {
  FIFO(0x1000),
  CHARACTER_DEVICE(0x2000),
  DIRECTORY(0x4000),
  BLOCK_DEVICE(0x6000),
  REGULAR(0x8000),
  SYMBOLIC_LINK(0xa000),
  SOCKET(0xc000),
  /** An anonymous inode (a pidfd, an eventfd): no bits are set. */
  NONE(0);

  private static final int MASK = 0xf000;

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /** The bits in a mode. */
  public int bits() {
    return bits;
  }

  /** The type of an inode of this mode. */
  public static FileType ofMode(int mode) {
    for (FileType type : values()) {
      if (type.bits == (mode & MASK)) {
        return type;
      }
    }
    return NONE;
  }

  /** The type of an entry whose {@code d_type} is this; {@code NONE} where it was not told. */
  static FileType ofEntry(int kind) {
    return ofMode(kind << 12);
  }
}

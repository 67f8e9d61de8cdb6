package dev.coffer.spec.runtime;

/** A type of device; mknod(1). */
public enum DeviceType {
  /** A character device. */
  CHARACTER("c"),
  /** A block device. */
  BLOCK("b"),
  /** An unbuffered character device: on Linux the same as a character device. */
  UNBUFFERED("u"),
  /** A named pipe. */
  FIFO("p"),
  /** In device rules: character and block devices. */
  ALL("a");

  private final String spelling;

  DeviceType(String spelling) {
    this.spelling = spelling;
  }

  /** The string that stands in the config. */
  public String spelling() {
    return spelling;
  }
}

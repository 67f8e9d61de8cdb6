package dev.coffer.runtime.protocol;

/** Numbers that belong to no enumeration. */
public final class Protocol {
  /** What {@code HELLO} and its reply carry. */
  public static final int VERSION = 1;

  /** Largest payload of {@code REQUEST} and {@code SETUP}, in bytes. */
  public static final int MAXIMUM_FRAME = 4 << 20;

  /** Largest payload of every other frame, in bytes. */
  public static final int MAXIMUM_DATA = 64 << 10;

  /** Most descriptors with one frame. */
  public static final int MAXIMUM_DESCRIPTORS = 64;

  /** Bytes before each payload. */
  public static final int HEADER_SIZE = 8;

  /** The descriptor at which a monitor finds its connection to the engine. */
  public static final int MONITOR_CHANNEL = 3;

  private Protocol() {}
}

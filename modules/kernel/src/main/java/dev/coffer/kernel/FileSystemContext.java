package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * A file system that is being configured, see {@code fsopen(2)} and {@code fsconfig(2)}.
 *
 * <p>Its end is {@link #mount}: a detached mount, which exists in no mount table and goes when its
 * last descriptor is closed. What the kernel says about a refusal is part of the failure.
 */
public final class FileSystemContext implements AutoCloseable {
  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int SET_FD = 5;
  private static final int CREATE = 6;
  private static final int MESSAGE_SIZE = 1024;

  private final String type;
  private final Fd context;

  private FileSystemContext(String type, Fd context) {
    this.type = type;
    this.context = context;
  }

  /** Begins; a type that the kernel does not have is {@code ENODEV}. */
  public static FileSystemContext open(String type) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long name = NativeText.allocate(arena, type).address();
      long result = Syscall.call(Call.FSOPEN, name, FSOPEN_CLOEXEC);
      if (result < 0) {
        throw KernelException.of(Call.FSOPEN, result, type);
      }
      return new FileSystemContext(type, Fd.of((int) result));
    }
  }

  /** An option without a value. */
  public FileSystemContext flag(String key) throws KernelException {
    configure(SET_FLAG, key, null, 0);
    return this;
  }

  /** An option with a value of at most 255 bytes. */
  public FileSystemContext set(String key, String value) throws KernelException {
    configure(SET_STRING, key, value, 0);
    return this;
  }

  /**
   * An option whose value is a descriptor; {@code EINVAL} where the kernel knows it only by name.
   */
  public FileSystemContext set(String key, Fd value) throws KernelException {
    configure(SET_FD, key, null, value.number());
    return this;
  }

  /**
   * Makes the file system and a detached mount of it.
   *
   * @param attributes bits of {@link MountAttribute}
   */
  public Fd mount(int attributes) throws KernelException {
    configure(CREATE, null, null, 0);
    long result = Syscall.call(Call.FSMOUNT, context.number(), FSMOUNT_CLOEXEC, attributes);
    if (result < 0) {
      throw KernelException.of(Call.FSMOUNT, result, type, message());
    }
    return Fd.of((int) result);
  }

  @Override
  public void close() {
    context.close();
  }

  private void configure(int command, String key, String value, int auxiliary)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long name = key == null ? 0 : NativeText.allocate(arena, key).address();
      long text = value == null ? 0 : NativeText.allocate(arena, value).address();
      long result = Syscall.call(Call.FSCONFIG, context.number(), command, name, text, auxiliary);
      if (result < 0) {
        String option = key == null ? "create" : value == null ? key : key + "=" + value;
        throw KernelException.of(Call.FSCONFIG, result, type, option, message());
      }
    }
  }

  /** What the file system says itself, which the kernel keeps to be read from the context. */
  private String message() {
    byte[] bytes = new byte[MESSAGE_SIZE];
    try {
      int size = FileData.read(context, bytes, 0, bytes.length);
      return new String(bytes, 0, size, StandardCharsets.UTF_8).strip();
    } catch (KernelException none) {
      return "";
    }
  }
}

package dev.coffer.kernel.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;

/**
 * Decompression by Intel's ISA-L (Debian's libisal2), for x86-64 and aarch64.
 *
 * <p>Source: ISA-L's igzip_lib.h. Its callers allocate {@code struct inflate_state}, so the layout
 * is the same in all libraries of this name.
 */
record IsaLibrary(MethodHandle init, MethodHandle inflate) {
  static final long NEXT_OUT = 0;
  static final long AVAILABLE_OUT = 8;
  static final long NEXT_IN = 16;
  static final long AVAILABLE_IN = 32;
  static final long READ_IN_BITS = 36;
  static final long BLOCK_STATE = 21160;

  /** 87,368 bytes, and some for the fields of a later version. */
  static final long STATE_BYTES = 96 * 1024;

  /** {@code ISAL_BLOCK_FINISH}: all was decompressed and written. */
  static final int FINISHED = 5;

  static final Optional<IsaLibrary> INSTALLED = find();

  private static Optional<IsaLibrary> find() {
    Optional<HostLibrary> library = HostLibrary.find(List.of("libisal.so.2"));
    if (library.isEmpty()) {
      return Optional.empty();
    }
    Optional<MethodHandle> init =
        library.get().bind("isal_inflate_init", FunctionDescriptor.ofVoid(ADDRESS));
    Optional<MethodHandle> inflate =
        library.get().bind("isal_inflate", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    return init.isPresent() && inflate.isPresent()
        ? Optional.of(new IsaLibrary(init.get(), inflate.get())).filter(IsaLibrary::isRight)
        : Optional.empty();
  }

  /** Whether it undoes what Java compresses and says so where that is expected. */
  private boolean isRight() {
    byte[] text = new byte[1000];
    Arrays.fill(text, 100, 900, (byte) 'x');
    byte[] compressed = new byte[1100];
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        IsaInflater inflater = new IsaInflater(this)) {
      deflater.setInput(text);
      deflater.finish();
      int length = deflater.deflate(compressed);
      byte[] out = new byte[text.length];
      inflater.setInput(compressed, 0, length + 1);
      int count = inflater.inflate(out, 0, out.length);
      return count == text.length
          && Arrays.equals(out, text)
          && inflater.finished()
          && inflater.remaining() == 1;
    } catch (DataFormatException e) {
      return false;
    }
  }

  void init(MemorySegment state) {
    try {
      init.invokeExact(state);
    } catch (Throwable thrown) {
      throw HostLibrary.impossible(thrown);
    }
  }

  /** Decompresses; negative when the stream is broken. */
  int inflate(MemorySegment state) {
    try {
      return (int) inflate.invokeExact(state);
    } catch (Throwable thrown) {
      throw HostLibrary.impossible(thrown);
    }
  }
}

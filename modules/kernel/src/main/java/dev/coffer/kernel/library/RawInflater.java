package dev.coffer.kernel.library;

import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * Undoes deflate (RFC 1951), without the wrapper of zlib or gzip. Used as {@link
 * java.util.zip.Inflater} is: give input when it needs some, take output until it is finished. For
 * use by one thread at a time.
 */
public interface RawInflater extends AutoCloseable {
  /** How far back of the current input the unused rest may begin, see {@link #remaining}. */
  int OVERREAD = 8;

  /** One by Intel's ISA-L where the host has it, which is three times as fast, else Java's. */
  static RawInflater open() {
    Optional<IsaLibrary> library = IsaLibrary.INSTALLED;
    return library.isPresent() ? new IsaInflater(library.get()) : new JavaInflater();
  }

  /** Gives the bytes that follow those given before. They may be changed after {@link #inflate}. */
  void setInput(byte[] bytes, int offset, int length);

  /**
   * Decompresses some.
   *
   * @return how many bytes; 0 when it is finished or needs input
   * @throws DataFormatException when the stream is broken
   */
  int inflate(byte[] into, int offset, int length) throws DataFormatException;

  boolean finished();

  boolean needsInput();

  /**
   * How many of the bytes given belong to what follows the stream. When it is finished these may be
   * up to {@link #OVERREAD} more than the input given last had.
   */
  int remaining();

  /** Bytes that came out since the last {@link #reset}. */
  long written();

  /** Begins another stream; what remains of the input is forgotten. */
  void reset();

  @Override
  void close();
}

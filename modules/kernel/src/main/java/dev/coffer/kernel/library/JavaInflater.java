package dev.coffer.kernel.library;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The Java runtime's, which is zlib. */
final class JavaInflater implements RawInflater {
  private final Inflater inflater = new Inflater(true);

  @Override
  public void setInput(byte[] bytes, int offset, int length) {
    inflater.setInput(bytes, offset, length);
  }

  @Override
  public int inflate(byte[] into, int offset, int length) throws DataFormatException {
    int count = inflater.inflate(into, offset, length);
    if (count == 0 && inflater.needsDictionary()) {
      throw new DataFormatException("it needs a dictionary");
    }
    return count;
  }

  @Override
  public boolean finished() {
    return inflater.finished();
  }

  @Override
  public boolean needsInput() {
    return inflater.needsInput();
  }

  @Override
  public int remaining() {
    return inflater.getRemaining();
  }

  @Override
  public long written() {
    return inflater.getBytesWritten();
  }

  @Override
  public void reset() {
    inflater.reset();
  }

  @Override
  public void close() {
    inflater.end();
  }
}

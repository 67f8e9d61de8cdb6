package dev.coffer.kernel;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream over another one, which it closes. All that is read or skipped goes through {@link
 * #read(byte[], int, int)}.
 */
public abstract class BlockFilter extends BlockInput {
  /** What is read from. */
  protected final InputStream in;

  /** Reads from this. */
  protected BlockFilter(InputStream in) {
    this.in = in;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

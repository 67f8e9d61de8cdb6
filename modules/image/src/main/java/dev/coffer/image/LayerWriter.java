package dev.coffer.image;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a layer's archive, uncompressed. */
@FunctionalInterface
public interface LayerWriter {

  /** Writes it, and answers how many entries it has; without any there is no layer. */
  long writeTo(OutputStream archive) throws IOException;
}

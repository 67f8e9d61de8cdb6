package dev.coffer.image.registry;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a blob that is to be uploaded. */
@FunctionalInterface
public interface BlobContent {
  /** Opens them from an offset on. */
  InputStream open(long offset) throws IOException;
}

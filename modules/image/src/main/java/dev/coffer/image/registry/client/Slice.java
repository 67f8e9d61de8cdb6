package dev.coffer.image.registry.client;

import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.http.Request.Content;
import java.io.IOException;
import java.io.InputStream;

/**
 * A part of a blob, to be sent.
 *
 * @param blob the whole
 * @param offset where the part begins
 * @param length how long it is
 */
record Slice(BlobContent blob, long offset, long length) implements Content {
  @Override
  public InputStream open() throws IOException {
    return new Bounded(blob.open(offset), length);
  }
}

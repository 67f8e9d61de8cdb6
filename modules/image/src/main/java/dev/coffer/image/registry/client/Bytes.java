package dev.coffer.image.registry.client;

import dev.coffer.image.registry.http.Request.Content;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes in memory, to be sent. */
final class Bytes implements Content {
  private final byte[] bytes;

  Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }
}

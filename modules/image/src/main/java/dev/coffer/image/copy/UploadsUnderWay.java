package dev.coffer.image.copy;

import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;

/** The uploads of one process, so that two pushes of one blob send it once. */
public final class UploadsUnderWay {
  private record Upload(String repository, Digest blob) {}

  private final ConcurrentMap<Upload, CountDownLatch> claimed = new ConcurrentHashMap<>();

  /** The right to look whether a blob is in a repository, and to send it if it is not. */
  final class Claim implements AutoCloseable {
    private final Upload upload;

    private Claim(Upload upload) {
      this.upload = upload;
    }

    @Override
    public void close() {
      CountDownLatch mine = claimed.remove(upload);
      if (mine != null) {
        mine.countDown();
      }
    }
  }

  /**
   * Waits until nobody else looks for or sends a blob. Who waits must hold no other claim: then
   * those who hold one are at work, and nobody waits forever.
   */
  Claim claim(String repository, Digest blob) throws IOException {
    Upload upload = new Upload(repository, blob);
    CountDownLatch mine = new CountDownLatch(1);
    while (true) {
      CountDownLatch other = claimed.putIfAbsent(upload, mine);
      if (other == null) {
        return new Claim(upload);
      }
      try {
        other.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("the push was interrupted").initCause(e);
      }
    }
  }
}

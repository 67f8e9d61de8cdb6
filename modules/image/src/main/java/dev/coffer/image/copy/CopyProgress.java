package dev.coffer.image.copy;

import dev.coffer.spec.image.Descriptor;

/** What happens to the blobs of a copy. Calls come from several threads. */
public interface CopyProgress {

  /** Nobody looks. */
  CopyProgress NONE =
      new CopyProgress() {
        @Override
        public void waiting(Descriptor blob) {}

        @Override
        public void reused(Descriptor blob, ImageDestination.Reuse how) {}

        @Override
        public void sent(Descriptor blob, long bytes) {}

        @Override
        public void finished(Descriptor blob) {}

        @Override
        public void leftOut(Descriptor blob) {}
      };

  /** A blob is to be copied. */
  void waiting(Descriptor blob);

  /** It need not be sent. */
  void reused(Descriptor blob, ImageDestination.Reuse how);

  /**
   * Some of it was sent.
   *
   * @param bytes how much of it in all; less than before when it is sent again
   */
  void sent(Descriptor blob, long bytes);

  /** It has arrived. */
  void finished(Descriptor blob);

  /** A foreign layer stays where it is. */
  void leftOut(Descriptor blob);
}

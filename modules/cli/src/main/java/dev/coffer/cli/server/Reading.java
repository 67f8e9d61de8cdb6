package dev.coffer.cli.server;

/**
 * Reads what a launcher sends while its command runs. A thread beside the command does, so that the
 * caller's end and its signals are noticed whatever the command is doing; but a command that waits
 * for nothing but the launcher reads on its own thread, which spares each frame a change of
 * threads.
 */
interface Reading {
  /** By a thread that reads from the first to the last. */
  Reading BESIDES =
      new Reading() {
        @Override
        public void besides() {}

        @Override
        public boolean isBesides() {
          return true;
        }

        @Override
        public boolean one() {
          throw new IllegalStateException("another thread reads");
        }

        @Override
        public void end() {}
      };

  /** Has a thread beside the command read from now on. */
  void besides();

  /** Whether one does. */
  boolean isBesides();

  /**
   * Reads a frame on this thread, and has the answer take it; only where nobody reads besides.
   *
   * @return false at the end of what the launcher sends, or of what is read
   */
  boolean one();

  /** Ends what a thread reads by {@link #one}; what is sent to the launcher still arrives. */
  void end();
}

package dev.coffer.network.host;

import java.io.IOException;

/** What went wrong among several things, of which each is tried. For one thread. */
final class Failures {
  private IOException first;

  /** Something that may go wrong. */
  @FunctionalInterface
  interface Attempt {
    void run() throws IOException;
  }

  void attempt(Attempt attempt) {
    try {
      attempt.run();
    } catch (IOException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }
  }

  /** Throws the first failure, with the others behind it. */
  void report() throws IOException {
    if (first != null) {
      throw first;
    }
  }
}

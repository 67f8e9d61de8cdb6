package dev.coffer.network;

import java.io.IOException;

/** What went wrong among several things, of which each is tried. For one thread. */
public final class Failures {
  private IOException first;

  /** Something that may go wrong. */
  @FunctionalInterface
  public interface Attempt {
    /** Tries it. */
    void run() throws IOException;
  }

  /** Tries one of them, and keeps its failure. */
  public void attempt(Attempt attempt) {
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
  public void report() throws IOException {
    if (first != null) {
      throw first;
    }
  }
}

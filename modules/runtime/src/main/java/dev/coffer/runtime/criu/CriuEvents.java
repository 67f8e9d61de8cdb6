package dev.coffer.runtime.criu;

import dev.coffer.kernel.Fd;
import java.io.IOException;

/** What happens while criu works; it waits until the method has returned. What fails ends it. */
public interface CriuEvents {
  /** Nothing is of interest. */
  CriuEvents NONE = new CriuEvents() {};

  /**
   * The namespaces are there, and the first process, which does nothing yet.
   *
   * @throws IOException where the restoration must not go on
   */
  default void namespacesMade(int pid) throws IOException {}

  /**
   * The first process is whole, and waits.
   *
   * @throws IOException where the restoration must not go on
   */
  default void restored(int pid) throws IOException {}

  /**
   * A terminal was made, whose other end this is; the receiver's to close.
   *
   * @throws IOException where the restoration must not go on
   */
  default void terminalMade(Fd master) throws IOException {
    master.close();
  }

  /**
   * Pages can be fetched.
   *
   * @throws IOException where nobody could be told
   */
  default void pagesReady() throws IOException {}
}

package dev.coffer.network.nft;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkSocket;

/**
 * Commits transactions, and counts them, so that it can be told whether others have committed some,
 * too. For one thread at a time.
 */
public final class Commits {
  private final NetlinkSocket socket;
  private final Listing listing;
  private int generation;

  /** Commits with a socket. */
  public Commits(NetlinkSocket socket) {
    this.socket = socket;
    this.listing = new Listing(socket);
  }

  /** Forgets what others have done until now. */
  public void begin() throws KernelException {
    generation = listing.generation();
  }

  /** Does what a transaction says; nothing where it is empty. */
  public void commit(Transaction transaction, String what) throws KernelException {
    if (!transaction.isEmpty()) {
      transaction.commit(socket, what);
      generation++;
    }
  }

  /** What the ruleset's number is where nobody else has changed anything. */
  public int generation() {
    return generation;
  }

  /** Whether others have changed something. */
  public boolean othersDid() throws KernelException {
    return listing.generation() != generation;
  }
}

package dev.coffer.network.firewall;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Transaction;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A firewall in one table of nf_tables, family inet. A change is one transaction of a few elements;
 * only what finds the table gone, or otherwise than it was left, writes all of it anew.
 */
public final class NftFirewall implements Firewall {
  private static final Family FAMILY = Family.INET;

  private final String table;
  private final NetlinkSocket socket;
  private final NetlinkSocket tracking;
  private final Sweeper sweeper;
  private final UserChains users;
  private final FlushWatch watch;
  private final ReentrantLock lock = new ReentrantLock();

  private Contents contents = new Contents(OwnForwarding.NONE);

  /** Whether the table is ours to change, or to be written anew by the next change. */
  private boolean written;

  /** What the ruleset's number is as long as nobody else changes anything in it. */
  private int generation;

  /** The ruleset's number after all of the table was written, in which nothing older is missing. */
  private int rewritten;

  private NftFirewall(
      String table, NetlinkSocket socket, NetlinkSocket tracking, NetlinkSocket events)
      throws KernelException {
    this.table = table;
    this.socket = socket;
    this.tracking = tracking;
    this.sweeper = new Sweeper(new Connections(tracking), forward -> contents.has(forward), lock);
    this.users = new UserChains(socket);
    this.watch = FlushWatch.start(events, FAMILY, table, socket.port(), new Restoring());
  }

  /**
   * Opens one for the calling thread's network namespace. What is in the table already stays until
   * the first change, which writes it anew.
   *
   * @param table the table's name
   */
  public static NftFirewall open(String table) throws IOException {
    List<NetlinkSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        sockets.add(NetlinkSocket.open(NetlinkSocket.NETFILTER));
      }
      return new NftFirewall(table, sockets.get(0), sockets.get(1), sockets.get(2));
    } catch (IOException | RuntimeException e) {
      sockets.forEach(NetlinkSocket::close);
      throw e;
    }
  }

  @Override
  public void restrict(OwnForwarding forwarding) throws IOException {
    lock.lock();
    try {
      if (forwarding.equals(contents.forwarding())) {
        return;
      }
      Contents next = contents.copy(forwarding);
      if (written) {
        rewrite("keep the host from passing on what is nothing to networks", next);
      } else {
        contents = next;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void letPass(Set<String> devices) throws IOException {
    lock.lock();
    try {
      if (written) {
        var _ =
            change(
                "let pass devices of networks of plugins",
                (next, transaction) -> {
                  next.letPass(devices, transaction);
                  return List.of();
                });
      } else {
        contents.letPass(devices, new Transaction(FAMILY, table));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(BridgeRules bridge) throws IOException {
    change(
        "set rules of bridge \"" + bridge.device() + "\"",
        (next, transaction) -> {
          next.put(bridge, transaction);
          return List.of();
        });
    letPass();
  }

  @Override
  public void remove(String device) throws IOException {
    change(
        "remove rules of bridge \"" + device + "\"",
        (next, transaction) -> {
          next.remove(device, transaction);
          return List.of();
        });
    inUserChains(() -> users.forget(device));
  }

  @Override
  public void publish(Collection<PortForward> forwards) throws IOException {
    sweeper.ended(
        change("publish ports", (next, transaction) -> next.publish(forwards, transaction)));
    sweeper.begun(forwards);
  }

  @Override
  public void withdraw(Collection<PortForward> forwards) throws IOException {
    sweeper.ended(
        change("withdraw ports", (next, transaction) -> next.withdraw(forwards, transaction)));
  }

  @Override
  public void replace(Collection<BridgeRules> bridges, Collection<PortForward> forwards)
      throws IOException {
    lock.lock();
    try {
      Contents next = contents.nothing(contents.forwarding());
      Transaction unused = new Transaction(FAMILY, table);
      bridges.forEach(bridge -> next.put(bridge, unused));
      next.publish(forwards, unused);
      rewrite("write table \"" + table + "\"", next);
    } finally {
      lock.unlock();
    }
    letPass();
  }

  private void letPass() {
    inUserChains(
        () -> {
          if (!contents.bridges().isEmpty()) {
            users.let(contents.bridges());
          }
        });
  }

  @FunctionalInterface
  private interface UserChange {
    void apply() throws KernelException;
  }

  /** What is not let pass there is no reason to have no network. */
  private void inUserChains(UserChange change) {
    lock.lock();
    try {
      change.apply();
    } catch (KernelException e) {
      System.getLogger(NftFirewall.class.getName())
          .log(
              Level.WARNING,
              "cannot see to it that dockerd and ufw let packets of networks pass",
              e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void clear() throws IOException {
    lock.lock();
    try {
      Set<String> bridges = contents.bridges();
      Contents left = contents.nothing(contents.forwarding());
      if (left.forwarding().isNone()) {
        contents = left;
        written = false;
        new Transaction(FAMILY, table)
            .addTable()
            .deleteTable()
            .commit(socket, "delete table \"" + table + "\"");
      } else {
        rewrite("empty table \"" + table + "\"", left);
      }
      inUserChains(() -> users.leave(bridges));
    } finally {
      lock.unlock();
    }
  }

  /** A change of what is remembered, with the transaction that says it. */
  @FunctionalInterface
  private interface Change {
    List<PortForward> apply(Contents next, Transaction transaction);
  }

  private List<PortForward> change(String what, Change change) throws KernelException {
    lock.lock();
    try {
      Contents next = contents.copy();
      Transaction transaction = new Transaction(FAMILY, table);
      List<PortForward> ended = change.apply(next, transaction);
      if (!written) {
        rewrite(what, next);
        return ended;
      }
      try {
        commit(transaction, what);
        contents = next;
      } catch (KernelException e) {
        if (!otherwiseThanLeft(e)) {
          throw e;
        }
        rewrite(what, next);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Something is missing, or there is what should not be: somebody else has been there. */
  private static boolean otherwiseThanLeft(KernelException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.EEXIST) || e.is(Errno.EBUSY);
  }

  private void rewrite(String what, Contents next) throws KernelException {
    Transaction all = new Transaction(FAMILY, table).addTable().deleteTable().addTable();
    Layout.write(all);
    next.write(all);
    generation = Transaction.generation(socket);
    commit(all, what);
    rewritten = generation;
    contents = next;
    written = true;
  }

  private void commit(Transaction transaction, String what) throws KernelException {
    if (!transaction.isEmpty()) {
      transaction.commit(socket, what);
      generation++;
    }
  }

  private final class Restoring implements FlushWatch.Restore {
    @Override
    public void deletedBy(int other) throws KernelException {
      restoreIf(() -> other - rewritten > 0);
    }

    @Override
    public void userChainsChanged() {
      letPass();
    }

    @Override
    public void unheard() throws KernelException {
      restoreIf(() -> Transaction.generation(socket) != generation);
      letPass();
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws KernelException;
  }

  private void restoreIf(Condition condition) throws KernelException {
    lock.lock();
    try {
      if (written && condition.holds()) {
        rewrite("restore table \"" + table + "\"", contents);
        System.getLogger(NftFirewall.class.getName())
            .log(Level.INFO, "table \"{0}\" was changed by another program: restored", table);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    watch.close();
    sweeper.close();
    tracking.close();
    socket.close();
  }
}

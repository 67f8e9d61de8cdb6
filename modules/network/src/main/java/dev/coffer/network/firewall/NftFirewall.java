package dev.coffer.network.firewall;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.input.Follower;
import dev.coffer.network.input.InputMirror;
import dev.coffer.network.nft.Commits;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Listing;
import dev.coffer.network.nft.TableName;
import dev.coffer.network.nft.Transaction;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A firewall in one table of nf_tables, family inet. A change is one transaction of a few elements;
 * only what finds the table gone, or otherwise than it was left, writes all of it anew.
 */
public final class NftFirewall implements Firewall {
  private final TableName table;
  private final NetlinkSocket socket;
  private final NetlinkSocket reading;
  private final NetlinkSocket tracking;
  private final Commits commits;
  private final Sweeper sweeper;
  private final UserChains users;
  private final InputMirror input;
  private final Follower follower;
  private final FlushWatch watch;
  private final ReentrantLock lock = new ReentrantLock();

  private Contents contents = new Contents(OwnForwarding.NONE);

  /** Whether the table is ours to change, or to be written anew by the next change. */
  private boolean written;

  /** The ruleset's number after all of the table was written, in which nothing older is missing. */
  private int rewritten;

  private NftFirewall(
      String name,
      NetlinkSocket socket,
      NetlinkSocket reading,
      NetlinkSocket tracking,
      NetlinkSocket events)
      throws KernelException {
    this.table = new TableName(Family.INET, name);
    this.socket = socket;
    this.reading = reading;
    this.tracking = tracking;
    this.commits = new Commits(socket);
    this.sweeper = new Sweeper(new Connections(tracking), forward -> contents.has(forward), lock);
    this.users = new UserChains(new Listing(socket), commits);
    this.input = new InputMirror(new Listing(reading), commits, name);
    this.follower = new Follower(this::followInput);
    this.watch = FlushWatch.start(events, table, socket.port(), new Restoring());
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
      for (int i = 0; i < 4; i++) {
        sockets.add(NetlinkSocket.open(NetlinkSocket.NETFILTER));
      }
      return new NftFirewall(table, sockets.get(0), sockets.get(1), sockets.get(2), sockets.get(3));
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
        contents.letPass(devices, new Transaction(table));
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
      Transaction unused = new Transaction(table);
      bridges.forEach(bridge -> next.put(bridge, unused));
      next.publish(forwards, unused);
      rewrite("write table \"" + table.name() + "\"", next);
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
        commits.commit(
            new Transaction(table).addTable().deleteTable(),
            "delete table \"" + table.name() + "\"");
        input.clear();
      } else {
        rewrite("empty table \"" + table.name() + "\"", left);
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
      Transaction transaction = new Transaction(table);
      List<PortForward> ended = change.apply(next, transaction);
      if (!written) {
        rewrite(what, next);
        return ended;
      }
      try {
        commit(transaction, what, next);
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
    Transaction all = new Transaction(table).addTable().deleteTable().addTable();
    Layout.write(all);
    next.write(all);
    commits.begin();
    // First, so that no port leads anywhere that the host has not been asked about.
    if (!next.bridges().isEmpty()) {
      input.write(input.read(), next.gate());
    }
    commits.commit(all, what);
    rewritten = commits.generation();
    contents = next;
    written = true;
    if (next.bridges().isEmpty()) {
      input.clear();
    }
  }

  private void commit(Transaction transaction, String what, Contents next) throws KernelException {
    if (!input.isKnown() && !next.bridges().isEmpty()) {
      input.write(input.read(), next.gate());
    }
    boolean asked = input.isActive();
    if (asked) {
      input.admit(next.gate());
    }
    commits.commit(transaction, what);
    contents = next;
    if (asked) {
      input.settle(next.gate());
    }
  }

  /** Others have changed something where the host receives packets. */
  private void followInput() throws KernelException {
    InputMirror.Reading now = input.read();
    lock.lock();
    try {
      if (written && input.isKnown()) {
        input.follow(now, contents.gate());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<String> notice() {
    return input.notice();
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
    public boolean changesInput(TableName changed, NetlinkReply event) {
      return input.concerns(changed, event);
    }

    @Override
    public void inputChanged() {
      follower.plan();
    }

    @Override
    public void unheard() throws KernelException {
      restoreIf(commits::othersDid);
      input.suspect();
      follower.plan();
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
        rewrite("restore table \"" + table.name() + "\"", contents);
        System.getLogger(NftFirewall.class.getName())
            .log(
                Level.INFO, "table \"{0}\" was changed by another program: restored", table.name());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    watch.close();
    follower.close();
    sweeper.close();
    tracking.close();
    reading.close();
    socket.close();
  }
}

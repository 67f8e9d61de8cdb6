package dev.coffer.network.firewall;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.nft.TableName;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread that hears what others delete from a table. It sleeps until there is something to hear.
 */
final class FlushWatch implements AutoCloseable {
  /** {@code NFNLGRP_NFTABLES}. */
  private static final int GROUP = 7;

  private static final int SUBSYSTEM = 10;
  private static final int HEADER = 4;
  private static final int NEW_TABLE = 0;
  private static final int NEW_CHAIN = 3;
  private static final int NEW_RULE = 6;
  private static final int DELETE_RULE = 8;
  private static final int NEW_GENERATION = 15;
  private static final int GET_GENERATION = 16;

  /** Tables (a new one may be a sleeping one), chains, rules, sets and elements. */
  private static final Set<Integer> CHANGES = Set.of(NEW_TABLE, 2, 5, 8, 11, 14);

  private static final long AGAIN_MILLIS = 200;

  private final NetlinkSocket events;
  private final TableName table;
  private final int own;
  private final Restore restore;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private boolean deleted;
  private boolean userChainsChanged;
  private boolean inputChanged;

  /** What to do about what was heard. */
  interface Restore {
    /** Something was deleted by the transaction that made the ruleset the one of this number. */
    void deletedBy(int generation) throws KernelException;

    /** Something was done to the chains that others leave to users. */
    void userChainsChanged() throws KernelException;

    /** Whether an event of others may change what the host's rules say of what it receives. */
    boolean changesInput(TableName changed, NetlinkReply event);

    /** That was changed. */
    void inputChanged();

    /** Too much was said to be heard. */
    void unheard() throws KernelException;
  }

  private interface Attempt {
    void run() throws KernelException;
  }

  private FlushWatch(NetlinkSocket events, TableName table, int own, Restore restore) {
    this.events = events;
    this.table = table;
    this.own = own;
    this.restore = restore;
    this.thread = Thread.ofPlatform().daemon().name("coffer-firewall").unstarted(this::run);
  }

  /**
   * Starts one.
   *
   * @param events a socket of its own
   * @param own the port of the socket whose changes are ours
   */
  static FlushWatch start(NetlinkSocket events, TableName table, int own, Restore restore)
      throws KernelException {
    events.join(GROUP);
    FlushWatch watch = new FlushWatch(events, table, own, restore);
    watch.thread.start();
    return watch;
  }

  private void run() {
    while (closing.getCount() > 0) {
      try {
        events.receive().forEach(this::hear);
      } catch (KernelException e) {
        if (e.is(Errno.ENOBUFS)) {
          untilDone(restore::unheard);
        } else {
          warn(e);
        }
      }
    }
  }

  /** Acts at a transaction's end, which its number is told at: it may delete a thousand things. */
  private void hear(NetlinkReply reply) {
    if (reply.port() != own) {
      TableName.of(reply).ifPresent(changed -> note(changed, reply));
    }
    if (reply.type() != (SUBSYSTEM << 8 | NEW_GENERATION)) {
      return;
    }
    if (deleted) {
      deleted = false;
      reply
          .attributes(HEADER)
          .networkInteger(1)
          .ifPresent(generation -> untilDone(() -> restore.deletedBy(generation)));
    }
    if (inputChanged) {
      inputChanged = false;
      restore.inputChanged();
    }
    if (userChainsChanged) {
      userChainsChanged = false;
      untilDone(restore::userChainsChanged);
    }
  }

  private void untilDone(Attempt attempt) {
    while (closing.getCount() > 0) {
      try {
        attempt.run();
        return;
      } catch (KernelException e) {
        warn(e);
      }
    }
  }

  private void warn(KernelException e) {
    System.getLogger(FlushWatch.class.getName())
        .log(Level.WARNING, "cannot restore table \"" + table + "\"", e);
    pause();
  }

  private void pause() {
    try {
      boolean ignored = closing.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  private void note(TableName changed, NetlinkReply event) {
    if (event.type() >> 8 != SUBSYSTEM) {
      return;
    }
    int type = event.type() & 0xff;
    deleted |= CHANGES.contains(type) && changed.equals(table);
    inputChanged |= restore.changesInput(changed, event);
    userChainsChanged |=
        switch (type) {
          case NEW_CHAIN -> UserChains.isIn(changed, event, 3);
          case NEW_RULE, DELETE_RULE -> UserChains.isIn(changed, event, 2);
          default -> false;
        };
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      // The answer wakes the thread.
      events.post(
          NetlinkMessage.of(SUBSYSTEM << 8 | GET_GENERATION, 0)
              .fixed((byte) 0, (byte) 0, (byte) 0, (byte) 0));
      thread.join();
    } catch (KernelException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    events.close();
  }
}

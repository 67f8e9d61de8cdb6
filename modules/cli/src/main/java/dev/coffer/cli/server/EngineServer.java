package dev.coffer.cli.server;

import dev.coffer.engine.Engine;
import dev.coffer.engine.command.SystemCommand.Status;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.runtime.protocol.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves launchers until the engine is told to end, or has nothing to do for long.
 *
 * <p>Threads are platform threads: a command makes system calls, which pin a virtual thread.
 */
public final class EngineServer {

  /** How long commands may take to finish before an ending engine leaves them. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

  /** What a call fails with while there are too many descriptors, or too little memory. */
  private static final Set<Errno> SCARCE =
      Set.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Engine engine;
  private final Door door;
  private final ServerOptions options;
  private final long mountNamespace;
  private final CallersFiles callersFiles;
  private final Answers answers = new Answers();
  private final Life life = new Life();
  private final Reception reception = new Reception();
  private final ExecutorService threads = Executors.newCachedThreadPool(new Names());
  private boolean closed;
  private OciHost oci;

  private static final class Names implements ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Thread newThread(Runnable task) {
      Thread thread = new Thread(task, "caller-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    }
  }

  EngineServer(Engine engine, Door door, ServerOptions options) throws IOException {
    this.engine = engine;
    this.door = door;
    this.options = options;
    this.mountNamespace = Caller.ownMountNamespace();
    this.callersFiles = new CallersFiles(mountNamespace);
  }

  /** Starts to take callers, on threads of its own. */
  void start() {
    threads.execute(this::acceptAll);
    threads.execute(this::keepSmall);
  }

  private void keepSmall() {
    Heap heap = new Heap();
    try {
      while (life.awaitWork() && !life.awaitEnd(Heap.INTERVAL)) {
        heap.trim();
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when the engine has ended and let go of its lock. */
  void awaitEnd() throws InterruptedException {
    while (life.awaitEndOrIdle(options.idleExit())) {
      if (engine.execute(new Status()).running() > 0) {
        life.touch();
      } else {
        life.finish(Life.Phase.HANDING_OVER);
      }
    }
    close();
    // The one who asked for the end gets its answer before the process leaves.
    boolean ignored = life.awaitNone(DRAIN_LIMIT);
  }

  /**
   * Ends the engine on behalf of a command, and returns when it has let go of everything.
   *
   * @param asking the command's connection, which does not wait for itself
   */
  void end(Life.Phase how, Connection asking) {
    life.finishFor(asking, how);
    closeUninterrupted();
  }

  /** Ends the engine for another one, and returns when it has let go of everything. */
  void handOver() {
    life.finish(Life.Phase.HANDING_OVER);
    closeUninterrupted();
  }

  private void closeUninterrupted() {
    try {
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void close() throws InterruptedException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      door.shut();
    } catch (IOException e) {
      log("cannot shut the engine's socket", e);
    }
    boolean ignored = life.awaitQuiet(DRAIN_LIMIT);
    engine.close();
    closeOci();
    door.close();
  }

  private void closeOci() {
    if (oci != null) {
      oci.close();
    }
  }

  private void acceptAll() {
    try {
      for (boolean open = true; open; ) {
        reception.awaitRoom();
        try {
          open = acceptOne();
        } catch (KernelException e) {
          if (SCARCE.stream().noneMatch(e::is)) {
            throw e;
          }
          reception.leave();
          open = waitForRoom(e);
        }
      }
    } catch (IOException e) {
      log("cannot take callers any more", e);
      life.finish(Life.Phase.HANDING_OVER);
    }
  }

  /** False once the door is shut. */
  private boolean acceptOne() throws IOException {
    Optional<Fd> caller = door.accept();
    if (caller.isEmpty()) {
      return false;
    }
    Connection connection = new Connection(this, reception.channel(caller.get()));
    try {
      threads.execute(connection::serve);
    } catch (OutOfMemoryError noThread) {
      connection.turnAway();
      return waitForRoom(noThread);
    }
    return true;
  }

  /** What others use now will be free again; false where the engine ends meanwhile. */
  private boolean waitForRoom(Throwable scarce) {
    log("cannot take a caller now", scarce);
    try {
      return !life.awaitEnd(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Notes a fault in the engine's log; that a peer has gone is none. */
  void log(String what, Throwable fault) {
    System.Logger logger = System.getLogger("coffer");
    boolean peerGone =
        fault instanceof KernelException e && (e.is(Errno.EPIPE) || e.is(Errno.ECONNRESET));
    if (fault instanceof ProtocolException) {
      // Where in our program it was noticed says nothing, and there may be many of them.
      logger.log(System.Logger.Level.WARNING, what + ": " + fault.getMessage());
    } else if (!peerGone) {
      logger.log(System.Logger.Level.WARNING, what, fault);
    }
  }

  /** What commands of the OCI runtime share; made for the first of them. */
  synchronized OciHost ociHost() throws IOException {
    if (oci == null) {
      oci = OciHost.probe();
    }
    return oci;
  }

  long build() {
    return options.build();
  }

  long mountNamespace() {
    return mountNamespace;
  }

  CallersFiles callersFiles() {
    return callersFiles;
  }

  Engine engine() {
    return engine;
  }

  Answers answers() {
    return answers;
  }

  Life life() {
    return life;
  }

  Reception reception() {
    return reception;
  }

  ExecutorService threads() {
    return threads;
  }
}

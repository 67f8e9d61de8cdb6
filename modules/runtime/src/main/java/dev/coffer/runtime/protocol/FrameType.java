package dev.coffer.runtime.protocol;

import java.util.Optional;

/** The types of frames, in the order and groups of the generated header. */
public enum FrameType implements Numbered {
  HELLO(1),
  REQUEST(2),
  STDIN(3),
  STDIN_EOF(4),
  RESIZE(5),
  SIGNAL(6),
  CONTINUED(7),
  HANDOVER(8),

  HELLO_REPLY(32),
  OUT(33),
  ERR(34),
  EXIT(35),
  RAISE(36),
  RAW(37),
  RESTORE(38),
  STOP(39),
  MONITOR(40),
  RECONNECT(41),
  RUN(42),
  WAIT(43),

  SETUP(64),
  ADD_CLIENT(65),
  ROTATE_LOG(66),
  CLOSE_STDIN(67),
  QUERY(68),

  STARTED(96),
  FAILED(97),
  EXITED(98),
  STATUS(99),

  ATTACH(128),
  DETACH(129),

  DETACHED(160);

  private final int number;

  FrameType(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** Whether its payload may be as large as {@link Protocol#MAXIMUM_FRAME}. */
  public boolean isLarge() {
    return this == REQUEST || this == SETUP;
  }

  /** The type of that number; empty for one that this version does not know. */
  public static Optional<FrameType> of(int number) {
    return Numbered.find(values(), number);
  }
}

package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.WireForm;
import java.util.Optional;

/**
 * One step of a handshake between two stages: a tag, and perhaps a descriptor with it.
 *
 * @param peer the stage at the other end, or {@link #PARENT}
 * @param direction who speaks
 * @param tag what is said; the other end has to expect the same
 * @param descriptor what travels, or where it is put
 * @param untilStarted the peer answers by closing its end: it has become the program
 */
public record Sync(
    int peer,
    Direction direction,
    char tag,
    Optional<Slot> descriptor,
    boolean untilStarted,
    String why)
    implements Op {
  public static final int PARENT = WireForm.SYNC_PARENT;

  /** Who speaks. */
  public enum Direction {
    SEND,
    RECEIVE
  }

  public static Sync send(int peer, char tag, String why) {
    return new Sync(peer, Direction.SEND, tag, Optional.empty(), false, why);
  }

  public static Sync receive(int peer, char tag, String why) {
    return new Sync(peer, Direction.RECEIVE, tag, Optional.empty(), false, why);
  }

  /** The same with another process. */
  public Sync with(int other) {
    return new Sync(other, direction, tag, descriptor, untilStarted, why);
  }

  @Override
  public String describe() {
    return switch (direction) {
      case SEND -> "tell the other process";
      case RECEIVE -> "wait for the other process";
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Call call =
        lowering.special(
            Code.SYNC,
            lowering.number(peer),
            lowering.number(
                switch (direction) {
                  case SEND -> WireForm.SYNC_SEND;
                  case RECEIVE -> WireForm.SYNC_RECEIVE;
                }),
            lowering.number(tag),
            lowering.number(descriptor.map(Slot::index).orElse(WireForm.NO_SLOT)));
    if (untilStarted) {
      call.ignoring(Errno.EPIPE);
    }
  }
}

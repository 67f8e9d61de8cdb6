package dev.coffer.runtime.protocol;

import dev.coffer.plan.wire.Errno;

/**
 * The monitor's word that a plan failed, and where.
 *
 * @param op index of the plan's operation
 * @param errno 0 where a signal ended the stage
 * @param signal 0 where an errno did
 */
public record Failed(int stage, int instruction, int op, int errno, int signal) {
  /**
   * The stage where the monitor itself failed, before any instruction ran; the instruction then is
   * the number of the {@link SetupTag} that could not be fulfilled, 0 for none of them.
   */
  public static final int MONITOR_STAGE = -1;

  private static final String PREPARE = "prepare the start";

  /** What failed at {@link #MONITOR_STAGE}, and why, in one line. */
  public String preparation() {
    String what =
        SetupTag.of(instruction)
            .map(
                tag ->
                    switch (tag) {
                      case FD_ROLES -> "read the plan";
                      case LOG -> "open the log";
                      case STDIO -> "make the standard streams";
                      case LISTEN -> "listen for clients";
                      case ID, DETACH_KEYS, EXIT_RECORD, OOM_FILE, ENGINE_COMMAND -> PREPARE;
                    })
            .orElse(PREPARE);
    return what + ": " + Errno.text(errno);
  }

  public Frame toFrame() {
    return Frame.of(
        FrameType.FAILED,
        new PayloadWriter().i32(stage).i32(instruction).i32(op).i32(errno).i32(signal).toBytes());
  }

  public static Failed decode(byte[] payload) throws ProtocolException {
    return PayloadReader.decode(
        FrameType.FAILED, payload, r -> new Failed(r.i32(), r.i32(), r.i32(), r.i32(), r.i32()));
  }
}

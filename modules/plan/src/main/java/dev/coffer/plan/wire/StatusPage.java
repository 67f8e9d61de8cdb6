package dev.coffer.plan.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the processes of a plan have reported, as it stands in the file that keeps their status page
 * ({@link WireForm#REPORT}; docs/contributors/wire-form.md, "The status page").
 *
 * @param failure the first failure, if there was one
 * @param stages what each stage's process is at, by index
 */
public record StatusPage(Optional<Failure> failure, List<StageStatus> stages) {
  private static final long FAILED = 1L << 63;

  public StatusPage {
    stages = List.copyOf(stages);
  }

  /**
   * A failure.
   *
   * @param stage index of the stage
   * @param instruction index of the instruction
   * @param error errno; 0 where a signal ended the process
   * @param signal 0 where a call failed
   */
  public record Failure(int stage, int instruction, int error, int signal) {}

  /**
   * A stage's process.
   *
   * @param instruction index of the instruction that it runs, or ended with
   * @param pid as the process that cloned it numbers it; 0: not cloned
   */
  public record StageStatus(int instruction, int pid) {}

  /** Reads a page; empty where the file does not hold a whole one (yet). */
  public static Optional<StatusPage> decode(byte[] bytes) {
    if (bytes.length < WireForm.REPORT.size()) {
      return Optional.empty();
    }
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Optional<Failure> failure = failure(page.getLong());
    page.getLong(); // a descriptor on offer between two of the processes
    List<StageStatus> stages = new ArrayList<>(WireForm.MAX_STAGES);
    for (int stage = 0; stage < WireForm.MAX_STAGES; stage++) {
      page.getInt(); // its state, which only the processes themselves need
      stages.add(new StageStatus(page.getInt(), page.getInt()));
      page.getInt(); // a hook's errno, which is in the failure as well
    }
    return Optional.of(new StatusPage(failure, stages));
  }

  /** The word that the executor packs a failure into, so that no half of one is ever seen. */
  private static Optional<Failure> failure(long word) {
    return (word & FAILED) == 0
        ? Optional.empty()
        : Optional.of(
            new Failure(
                (int) (word >>> 56) & 0x7f,
                (int) word,
                (int) (word >>> 32) & 0xffff,
                (int) (word >>> 48) & 0xff));
  }
}

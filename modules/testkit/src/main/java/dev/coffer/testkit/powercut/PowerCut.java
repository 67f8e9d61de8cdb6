package dev.coffer.testkit.powercut;

/**
 * A power cut and one of the states that it may leave.
 *
 * @param operations how many operations had ended
 * @param marks how many marks the program had made
 * @param what which of the unsynced changes reached the disk
 * @param state the files
 * @param synced whether everything that had been written is there: what is left, too, when only the
 *     program is killed
 */
public record PowerCut(int operations, int marks, String what, DiskState state, boolean synced) {
  @Override
  public String toString() {
    return "cut after operation %d (%d marks), %s".formatted(operations, marks, what);
  }
}

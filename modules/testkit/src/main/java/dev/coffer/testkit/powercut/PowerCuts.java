package dev.coffer.testkit.powercut;

import dev.coffer.testkit.powercut.DiskHistory.Moment;
import dev.coffer.testkit.powercut.FileOperation.Recorded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * All the power cuts that a recorded program must survive: after each of its operations, and for
 * each of these with the extremes (nothing unsynced is there; all names but no bytes; bytes zeroed
 * or torn), each single unsynced change lost or alone there, and a random sample of the rest.
 *
 * <p>Between two syncs the set of unsynced changes only grows: the single ones are all tried where
 * it is largest, and a few of them elsewhere.
 */
public final class PowerCuts {
  /**
   * How many of the states are shown.
   *
   * @param singles of single changes lost or alone there, after each operation
   * @param subsets random ones after each operation
   * @param share of these two kinds, and of those with spoilt bytes, 0 to 1; the states with all
   *     and with nothing of what was not synced are always shown
   * @param seed for all that is random
   */
  public record Sample(int singles, int subsets, double share, long seed) {}

  /** Who looks at each state. */
  @FunctionalInterface
  public interface Visitor {
    void visit(PowerCut cut) throws IOException;
  }

  private static final List<DiskState.Bytes> SPOILT =
      List.of(DiskState.Bytes.LOST, DiskState.Bytes.ZEROED, DiskState.Bytes.TORN);

  private final DiskHistory history;
  private final Sample sample;
  private final Random random;
  private final Visitor visitor;
  private final Set<String> seen = new HashSet<>();
  private int visited;

  private PowerCuts(List<Recorded> log, Sample sample, Visitor visitor) {
    this.history = DiskHistory.of(log);
    this.sample = sample;
    this.random = new Random(sample.seed());
    this.visitor = visitor;
  }

  /**
   * Shows each different state once.
   *
   * @return how many there were
   */
  public static int visit(List<Recorded> log, Sample sample, Visitor visitor) throws IOException {
    PowerCuts cuts = new PowerCuts(log, sample, visitor);
    for (int i = 0; i < log.size(); i++) {
      cuts.after(i);
    }
    return cuts.visited;
  }

  /** The state when nothing was cut. */
  public static DiskState end(List<Recorded> log) {
    DiskHistory history = DiskHistory.of(log);
    BitSet all = new BitSet();
    all.set(0, history.effects().size());
    return new DiskState(history, all, all, DiskState.Bytes.WHOLE);
  }

  private void after(int index) throws IOException {
    Moment moment = history.moments().get(index);
    BitSet happened = new BitSet();
    happened.set(0, moment.effects());
    BitSet open = (BitSet) happened.clone();
    open.andNot(moment.durable());
    show(index, "all unsynced changes there", happened, DiskState.Bytes.WHOLE);
    if (open.isEmpty()) {
      return;
    }
    show(index, "all unsynced changes lost", moment.durable(), DiskState.Bytes.WHOLE);
    for (DiskState.Bytes fate : SPOILT) {
      if (isChosen()) {
        show(index, "unsynced bytes " + fate, happened, fate);
      }
    }
    List<Integer> singles = new ArrayList<>(open.stream().boxed().toList());
    if (!moment.syncFollows() && singles.size() > sample.singles()) {
      Collections.shuffle(singles, random);
      singles = singles.subList(0, sample.singles());
    }
    for (int single : singles) {
      String effect = " " + effect(single);
      if (isChosen()) {
        BitSet without = (BitSet) happened.clone();
        without.clear(single);
        show(index, "lost:" + effect, history.withoutNeedy(without), DiskState.Bytes.WHOLE);
      }
      if (isChosen()) {
        BitSet only = (BitSet) moment.durable().clone();
        only.set(single);
        show(index, "alone there:" + effect, history.withNeeds(only), DiskState.Bytes.WHOLE);
      }
    }
    for (int i = 0; i < sample.subsets(); i++) {
      BitSet some = (BitSet) moment.durable().clone();
      double share = random.nextDouble();
      open.stream().filter(_ -> random.nextDouble() < share).forEach(some::set);
      DiskState.Bytes[] fates = DiskState.Bytes.values();
      DiskState.Bytes fate = fates[random.nextInt(fates.length)];
      if (isChosen()) {
        show(index, "random subset " + i + ", bytes " + fate, history.withNeeds(some), fate);
      }
    }
  }

  private boolean isChosen() {
    return random.nextDouble() < sample.share();
  }

  private String effect(int index) {
    String text = history.effects().get(index).toString().replaceAll("[^ -~]", "?");
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  private void show(int index, String what, BitSet included, DiskState.Bytes unsynced)
      throws IOException {
    Moment moment = history.moments().get(index);
    DiskState state = new DiskState(history, included, moment.durable(), unsynced);
    if (seen.add(moment.marks() + state.text())) {
      visited++;
      boolean all = included.cardinality() == moment.effects() && unsynced == DiskState.Bytes.WHOLE;
      visitor.visit(new PowerCut(index + 1, moment.marks(), what, state, all));
    }
  }
}

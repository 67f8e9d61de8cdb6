package dev.coffer.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the unused things go. All conditions must hold.
 *
 * @param until only what was made before this
 * @param labels {@code NAME} or {@code NAME=VALUE}: only what has these labels
 * @param notLabels only what has none of these
 */
public record PruneFilter(Optional<Instant> until, List<String> labels, List<String> notLabels) {

  /** Everything that is unused. */
  public static final PruneFilter ALL = new PruneFilter(Optional.empty(), List.of(), List.of());

  public PruneFilter {
    labels = List.copyOf(labels);
    notLabels = List.copyOf(notLabels);
  }

  /** Whether something of that age with these labels goes. */
  public boolean matches(Instant created, Map<String, String> of) {
    return until.filter(limit -> !created.isBefore(limit)).isEmpty()
        && labels.stream().allMatch(label -> LabelFilter.matches(of, label))
        && notLabels.stream().noneMatch(label -> LabelFilter.matches(of, label));
  }
}

package dev.coffer.image.store;

import dev.coffer.image.HistoryStep;
import dev.coffer.image.Image;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.spec.image.HistoryEntry;
import dev.coffer.spec.image.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Joins the steps that an image's config tells of with its layers. */
final class History {
  private History() {}

  /** The steps, newest first. A config that tells of none gets one for each layer. */
  static List<HistoryStep> of(Image image, Manifest manifest, LayerStore layers) {
    List<HistoryEntry> entries = image.config().history();
    if (entries.isEmpty()) {
      HistoryEntry unknown = new HistoryEntry(image.config().created(), "", "", "", false);
      entries = manifest.layers().stream().map(_ -> unknown).toList();
    }
    List<HistoryStep> steps = new ArrayList<>();
    int layer = 0;
    for (int i = 0; i < entries.size(); i++) {
      HistoryEntry entry = entries.get(i);
      long size = 0;
      if (!entry.emptyLayer() && layer < manifest.layers().size()) {
        long archived = manifest.layers().get(layer).size();
        size = layers.sizeBytes(image.chainIds().get(layer)).orElse(archived);
        layer++;
      }
      boolean newest = i == entries.size() - 1;
      steps.add(new HistoryStep(newest ? Optional.of(image.id()) : Optional.empty(), entry, size));
    }
    return List.copyOf(steps.reversed());
  }
}

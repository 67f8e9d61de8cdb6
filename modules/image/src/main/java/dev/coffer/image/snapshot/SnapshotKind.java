package dev.coffer.image.snapshot;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How a container's root file system is kept. */
public enum SnapshotKind {
  /** The kernel merges the layers and notes what the container writes in a layer of its own. */
  OVERLAY("overlay"),
  /** Each container has a whole copy: where no overlay can be had. */
  COPY("copy");

  private final String word;

  SnapshotKind(String word) {
    this.word = word;
  }

  /** Its name in settings, and what {@code coffer info} says. */
  public String word() {
    return word;
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static SnapshotKind parse(String text) {
    return Arrays.stream(values())
        .filter(kind -> kind.word.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown snapshotter \"%s\": expected %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(SnapshotKind::word)
                                .collect(Collectors.joining(" or ")))));
  }
}

package dev.coffer.image.archive;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.util.List;

/**
 * A manifest or an index that an archive brought, all in the content store.
 *
 * @param names what the archive calls it; may be empty
 * @param spellings what the archive says of its names, such as a tag alone
 */
public record LoadedTarget(Descriptor target, List<Reference> names, List<String> spellings) {
  public LoadedTarget {
    names = List.copyOf(names);
    spellings = List.copyOf(spellings);
  }

  /** A target whose names are all that is said of them. */
  public LoadedTarget(Descriptor target, List<Reference> names) {
    this(target, names, List.of());
  }
}

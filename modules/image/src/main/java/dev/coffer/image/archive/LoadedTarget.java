package dev.coffer.image.archive;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.util.List;

/**
 * A manifest or an index that an archive brought, all in the content store.
 *
 * @param names what the archive calls it; may be empty
 */
public record LoadedTarget(Descriptor target, List<Reference> names) {
  public LoadedTarget {
    names = List.copyOf(names);
  }
}

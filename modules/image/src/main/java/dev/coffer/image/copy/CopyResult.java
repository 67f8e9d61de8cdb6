package dev.coffer.image.copy;

import dev.coffer.spec.image.Descriptor;
import java.util.Optional;

/**
 * What a copy brought.
 *
 * @param target the manifest or index that now has the destination's name
 * @param partOf the index of which it is a part, when the source held no other image of that
 */
public record CopyResult(Descriptor target, Optional<Descriptor> partOf) {}

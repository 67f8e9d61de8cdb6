package dev.coffer.engine.model;

import dev.coffer.spec.image.Descriptor;
import java.util.Optional;

/**
 * What a transfer brought where.
 *
 * @param name the destination's name
 * @param tag its tag, where it has one
 * @param target the manifest or index that has the name now
 * @param partOf the index of which only this was there to be sent
 */
public record Transferred(
    String name, Optional<String> tag, Descriptor target, Optional<Descriptor> partOf) {}

package dev.coffer.engine.model;

import dev.coffer.spec.json.JsonObject;

/**
 * All that is known of an image, with the field names of Docker's inspect answer (GET
 * /images/{name}/json).
 *
 * @param json the object
 */
public record ImageInspect(JsonObject json) {}

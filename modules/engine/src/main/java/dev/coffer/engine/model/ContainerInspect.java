package dev.coffer.engine.model;

import dev.coffer.spec.json.JsonObject;

/**
 * All that is known of a container, with the field names and types of Docker's inspect answer
 * (Engine API 1.4x, GET /containers/{id}/json), so that templates people have written work.
 *
 * @param json the object
 */
public record ContainerInspect(JsonObject json) {}

package dev.coffer.engine.model;

import dev.coffer.spec.json.JsonObject;

/** All that is known of a network, in Docker's form. */
public record NetworkInspect(JsonObject json) {}

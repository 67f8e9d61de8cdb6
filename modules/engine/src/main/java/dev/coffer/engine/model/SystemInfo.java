package dev.coffer.engine.model;

import dev.coffer.spec.json.JsonObject;

/** Facts of host and engine with the field names of Docker's {@code GET /info}. */
public record SystemInfo(JsonObject json) {}

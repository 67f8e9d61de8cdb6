package dev.coffer.engine.model;

import java.time.Instant;
import java.util.Map;

/**
 * A line of {@code network ls}.
 *
 * @param id full id
 * @param driver {@code bridge}, {@code host}, {@code null} …
 */
public record NetworkSummary(
    String id,
    String name,
    String driver,
    Instant created,
    boolean ipv4,
    boolean ipv6,
    boolean internal,
    Map<String, String> labels) {}

package dev.coffer.engine.model;

import java.util.Map;

/** Versions of Coffer and of what it is made of; {@code details} is in the order to show. */
public record VersionInfo(String version, Map<String, String> details) {}

package dev.coffer.engine.model;

import java.util.Map;

/**
 * Where a container's output is kept.
 *
 * @param driver {@code json-file} (default), {@code k8s-file} (the CRI text format), {@code none}
 * @param options {@code max-size}, {@code max-file}, {@code labels}, {@code env}, {@code tag}
 */
public record LogRequest(String driver, Map<String, String> options) {}
